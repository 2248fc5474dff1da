import java.math.BigDecimal;
import java.sql.*;

/** The PostgreSQL JDBC driver against the door: prints one line per check. */
public class Clients {
    interface Rows { ResultSet get() throws SQLException; }

    static void check(String name, String want, Rows rows, String... columns) throws SQLException {
        StringBuilder got = new StringBuilder();
        int n = 0;
        try (ResultSet r = rows.get()) {
            for (; r.next(); n++)
                for (String c : columns) got.append(got.length() == 0 ? "" : " ").append(r.getString(c));
        } catch (SQLException e) {
            got.append(e);
        }
        String all = columns.length == 0 ? "" + n : got.toString();
        if (!all.equals(want)) System.out.println("FAIL " + name + ": " + all + ", want " + want);
    }

    public static void main(String[] args) throws Exception {
        String url = "jdbc:postgresql://" + args[0] + "/boathouse?sslmode=disable";
        try (Connection c = DriverManager.getConnection(url, "anna", "the secret")) {
            DatabaseMetaData d = c.getMetaData();
            check("catalogs", "boathouse", d::getCatalogs, "TABLE_CAT");
            check("schemas", "information_schema pg_catalog public sales", d::getSchemas, "TABLE_SCHEM");
            check("tables", "people TABLE who there is", () -> d.getTables(null, "public", "%", null), "TABLE_NAME", "TABLE_TYPE", "REMARKS");
            check("views", "totals", () -> d.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_NAME");
            check("columns", "id 4 int4 10 name 12 text 2147483647 born 91 date 13 score 2 numeric 10",
                () -> d.getColumns(null, "public", "people", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE");
            check("primary keys", "0", () -> d.getPrimaryKeys(null, "public", "people"));
            check("indexes", "0", () -> d.getIndexInfo(null, "public", "people", false, true));
            check("imported keys", "0", () -> d.getImportedKeys(null, "public", "people"));
            check("exported keys", "0", () -> d.getExportedKeys(null, "public", "people"));
            check("best row", "0", () -> d.getBestRowIdentifier(null, "public", "people", 1, true));
            check("functions", "0", () -> d.getFunctions(null, null, null));
            check("procedures", "0", () -> d.getProcedures(null, null, null));
            try (ResultSet r = d.getTypeInfo()) { if (!r.next()) System.out.println("FAIL type info is empty"); }
            if (d.getSQLKeywords().isEmpty()) System.out.println("FAIL keywords are empty");
            if (!"public".equals(c.getSchema())) System.out.println("FAIL schema " + c.getSchema());

            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.setFetchSize(2);
                check("cursor", "1 2 3", () -> s.executeQuery("select id from people order by id"), "id");
            }
            try (PreparedStatement p = c.prepareStatement("select id from people where id = ? or name = ? or born > ? or score < ? order by id")) {
                for (int i = 0; i < 7; i++) { // from the fifth time on the driver uses a named statement and binary rows
                    p.setInt(1, 1);
                    p.setString(2, "Bert");
                    p.setDate(3, Date.valueOf("2030-01-01"));
                    p.setBigDecimal(4, new BigDecimal("-0.2499"));
                    check("prepared", "1 2 3", p::executeQuery, "id");
                }
            }
            try (PreparedStatement p = c.prepareStatement("select count(*) from people where id = any(?)")) {
                p.setArray(1, c.createArrayOf("int4", new Object[] {1, 3}));
                check("array", "2", p::executeQuery, "count");
            }
            c.rollback();
            c.setAutoCommit(true);
            c.setReadOnly(true);
            if (!c.isValid(2)) System.out.println("FAIL not valid");
            try {
                c.createStatement().executeQuery("select nope from people");
            } catch (SQLException e) {
                if (!"42703".equals(e.getSQLState())) System.out.println("FAIL state " + e.getSQLState());
            }
        }
        System.out.println("done");
    }
}
