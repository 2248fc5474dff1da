package syscat

// nothings are the relations of things that do not exist here: they are there
// so that clients can ask, and empty, since that is the truth.
func nothings() []relation {
	var out []relation
	for _, e := range []struct {
		name    string
		oid     int64
		columns string
	}{
		{"pg_attrdef", 2604, "oid oid, adrelid oid, adnum int2, adbin text"},
		{"pg_index", 2610, "indexrelid oid, indrelid oid, indnatts int2, indnkeyatts int2, indisunique bool, indnullsnotdistinct bool, indisprimary bool, indisexclusion bool, indimmediate bool, indisclustered bool, indisvalid bool, indcheckxmin bool, indisready bool, indislive bool, indisreplident bool, indkey int2[], indcollation oid[], indclass oid[], indoption int2[], indexprs text, indpred text"},
		{"pg_constraint", 2606, "oid oid, conname name, connamespace oid, contype char, condeferrable bool, condeferred bool, convalidated bool, conrelid oid, contypid oid, conindid oid, conparentid oid, confrelid oid, confupdtype char, confdeltype char, confmatchtype char, conislocal bool, coninhcount int4, connoinherit bool, conkey int2[], confkey int2[], conpfeqop oid[], conppeqop oid[], conffeqop oid[], confdelsetcols int2[], conexclop oid[], conbin text"},
		{"pg_proc", procClass, "oid oid, proname name, pronamespace oid, proowner oid, prolang oid, procost float4, prorows float4, provariadic oid, prosupport regproc, prokind char, prosecdef bool, proleakproof bool, proisstrict bool, proretset bool, provolatile char, proparallel char, pronargs int2, pronargdefaults int2, prorettype oid, proargtypes oid[], proallargtypes oid[], proargmodes text[], proargnames text[], proargdefaults text, protrftypes oid[], prosrc text, probin text, prosqlbody text, proconfig text[], proacl text[]"},
		{"pg_aggregate", 2600, "aggfnoid regproc, aggkind char, aggnumdirectargs int2, aggtransfn regproc, aggfinalfn regproc"},
		{"pg_operator", 2617, "oid oid, oprname name, oprnamespace oid, oprowner oid, oprkind char, oprcanmerge bool, oprcanhash bool, oprleft oid, oprright oid, oprresult oid, oprcom oid, oprnegate oid, oprcode regproc, oprrest regproc, oprjoin regproc"},
		{"pg_opclass", 2616, "oid oid, opcmethod oid, opcname name, opcnamespace oid, opcowner oid, opcfamily oid, opcintype oid, opcdefault bool, opckeytype oid"},
		{"pg_opfamily", 2753, "oid oid, opfmethod oid, opfname name, opfnamespace oid, opfowner oid"},
		{"pg_amop", 2602, "oid oid, amopfamily oid, amoplefttype oid, amoprighttype oid, amopstrategy int2, amoppurpose char, amopopr oid, amopmethod oid, amopsortfamily oid"},
		{"pg_amproc", 2603, "oid oid, amprocfamily oid, amproclefttype oid, amprocrighttype oid, amprocnum int2, amproc regproc"},
		{"pg_cast", 2605, "oid oid, castsource oid, casttarget oid, castfunc oid, castcontext char, castmethod char"},
		{"pg_conversion", 2607, "oid oid, conname name, connamespace oid, conowner oid, conforencoding int4, contoencoding int4, conproc regproc, condefault bool"},
		{"pg_enum", 3501, "oid oid, enumtypid oid, enumsortorder float4, enumlabel name"},
		{"pg_range", 3541, "rngtypid oid, rngsubtype oid, rngmultitypid oid, rngcollation oid, rngsubopc oid, rngcanonical regproc, rngsubdiff regproc"},
		{"pg_inherits", 2611, "inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool"},
		{"pg_partitioned_table", 3350, "partrelid oid, partstrat char, partnatts int2, partdefid oid, partattrs int2[], partclass oid[], partcollation oid[], partexprs text"},
		{"pg_policy", 3256, "oid oid, polname name, polrelid oid, polcmd char, polpermissive bool, polroles oid[], polqual text, polwithcheck text"},
		{"pg_policies", 0, "schemaname name, tablename name, policyname name, permissive text, roles name[], cmd text, qual text, with_check text"},
		{"pg_publication", 6104, "oid oid, pubname name, pubowner oid, puballtables bool, pubinsert bool, pubupdate bool, pubdelete bool, pubtruncate bool, pubviaroot bool"},
		{"pg_publication_rel", 6106, "oid oid, prpubid oid, prrelid oid, prqual text, prattrs int2[]"},
		{"pg_publication_namespace", 6237, "oid oid, pnpubid oid, pnnspid oid"},
		{"pg_publication_tables", 0, "pubname name, schemaname name, tablename name, attnames name[], rowfilter text"},
		{"pg_subscription", 6100, "oid oid, subdbid oid, subskiplsn text, subname name, subowner oid, subenabled bool, subbinary bool, substream bool, subtwophasestate char, subdisableonerr bool, subconninfo text, subslotname name, subsynccommit text, subpublications text[]"},
		{"pg_statistic_ext", 3381, "oid oid, stxrelid oid, stxname name, stxnamespace oid, stxowner oid, stxstattarget int4, stxkeys int2[], stxkind text[], stxexprs text"},
		{"pg_trigger", 2620, "oid oid, tgrelid oid, tgparentid oid, tgname name, tgfoid oid, tgtype int2, tgenabled char, tgisinternal bool, tgconstrrelid oid, tgconstrindid oid, tgconstraint oid, tgdeferrable bool, tginitdeferred bool, tgnargs int2, tgattr int2[], tgargs bytea, tgqual text, tgoldtable name, tgnewtable name"},
		{"pg_event_trigger", 3466, "oid oid, evtname name, evtevent name, evtowner oid, evtfoid oid, evtenabled char, evttags text[]"},
		{"pg_rewrite", 2618, "oid oid, rulename name, ev_class oid, ev_type char, ev_enabled char, is_instead bool, ev_qual text, ev_action text"},
		{"pg_rules", 0, "schemaname name, tablename name, rulename name, definition text"},
		{"pg_sequence", 2224, "seqrelid oid, seqtypid oid, seqstart int8, seqincrement int8, seqmax int8, seqmin int8, seqcache int8, seqcycle bool"},
		{"pg_sequences", 0, "schemaname name, sequencename name, sequenceowner name, data_type text, start_value int8, min_value int8, max_value int8, increment_by int8, cycle bool, cache_size int8, last_value int8"},
		{"pg_extension", 3079, "oid oid, extname name, extowner oid, extnamespace oid, extrelocatable bool, extversion text, extconfig oid[], extcondition text[]"},
		{"pg_available_extensions", 0, "name name, default_version text, installed_version text, comment text"},
		{"pg_foreign_data_wrapper", 2328, "oid oid, fdwname name, fdwowner oid, fdwhandler oid, fdwvalidator oid, fdwacl text[], fdwoptions text[]"},
		{"pg_foreign_server", 1417, "oid oid, srvname name, srvowner oid, srvfdw oid, srvtype text, srvversion text, srvacl text[], srvoptions text[]"},
		{"pg_foreign_table", 3118, "ftrelid oid, ftserver oid, ftoptions text[]"},
		{"pg_user_mappings", 0, "umid oid, srvid oid, srvname name, umuser oid, usename name, umoptions text[]"},
		{"pg_indexes", 0, "schemaname name, tablename name, indexname name, tablespace name, indexdef text"},
		{"pg_matviews", 0, "schemaname name, matviewname name, matviewowner name, tablespace name, hasindexes bool, ispopulated bool, definition text"},
		{"pg_depend", 2608, "classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, refobjsubid int4, deptype char"},
		{"pg_shdescription", 2396, "objoid oid, classoid oid, description text"},
		{"pg_seclabels", 0, "objoid oid, classoid oid, objsubid int4, objtype text, objnamespace oid, objname text, provider text, label text"},
		{"pg_auth_members", 1261, "roleid oid, member oid, grantor oid, admin_option bool"},
		{"pg_group", 0, "groname name, grosysid oid, grolist oid[]"},
		{"pg_db_role_setting", 2964, "setdatabase oid, setrole oid, setconfig text[]"},
		{"pg_default_acl", 826, "oid oid, defaclrole oid, defaclnamespace oid, defaclobjtype char, defaclacl text[]"},
		{"pg_locks", 0, "locktype text, database oid, relation oid, page int4, tuple int2, virtualxid text, transactionid int8, classid oid, objid oid, objsubid int2, virtualtransaction text, pid int4, mode text, granted bool, fastpath bool, waitstart timestamptz"},
		{"pg_prepared_xacts", 0, "transaction int8, gid text, prepared timestamptz, owner name, database name"},
		{"pg_largeobject_metadata", 2995, "oid oid, lomowner oid, lomacl text[]"},
		{"pg_timezone_names", 0, "name text, abbrev text, utc_offset text, is_dst bool"},
		{"pg_ts_config", 3602, "oid oid, cfgname name, cfgnamespace oid, cfgowner oid, cfgparser oid"},
		{"pg_ts_dict", 3600, "oid oid, dictname name, dictnamespace oid, dictowner oid, dicttemplate oid, dictinitoption text"},
	} {
		kind := "r"
		if e.oid == 0 {
			kind = "v"
		}
		out = append(out, relation{schema: "pg_catalog", name: e.name, oid: e.oid, kind: kind, columns: e.columns})
	}
	return out
}
