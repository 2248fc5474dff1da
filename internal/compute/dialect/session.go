package dialect

// The statements of the warehouse that are about the session.

// Set is SET [SESSION|LOCAL] name = value, ...; Default says SET name TO
// DEFAULT.
type Set struct {
	Name    string // in lower case; "time zone" is "timezone"
	Values  []string
	Local   bool
	Default bool
}

// ShowVariable is SHOW name; the name "all" is all.
type ShowVariable struct{ Name string }

// Reset is RESET name; the name "all" is all.
type Reset struct{ Name string }

// Transaction is a statement about the transaction.
type Transaction struct {
	Verb TransactionVerb
	// Isolation is "READ COMMITTED" and the like, in upper case, or empty.
	Isolation string
	ReadOnly  bool
	ReadWrite bool
	// Name is that of a savepoint.
	Name string
}

// TransactionVerb is what a Transaction does.
type TransactionVerb string

// What can be done to a transaction.
const (
	Begin      TransactionVerb = "BEGIN"
	Start      TransactionVerb = "START TRANSACTION"
	Commit     TransactionVerb = "COMMIT"
	Rollback   TransactionVerb = "ROLLBACK"
	Savepoint  TransactionVerb = "SAVEPOINT"
	Release    TransactionVerb = "RELEASE"
	RollbackTo TransactionVerb = "ROLLBACK TO"
	SetChars   TransactionVerb = "SET TRANSACTION"
)

// Discard is DISCARD ALL|PLANS|TEMP|SEQUENCES.
type Discard struct{ What string }

// DeclareCursor is DECLARE name CURSOR FOR query.
type DeclareCursor struct {
	Name   string
	Binary bool
	Scroll bool
	Hold   bool
	Query  Query
}

// Fetch is FETCH [direction] FROM cursor, or MOVE.
type Fetch struct {
	Cursor string
	Move   bool
	All    bool
	Count  int // rows forward; 1 unless said. 0 with All
	// Direction is "FORWARD", or what the engine of the door refuses: "BACKWARD",
	// "PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE".
	Direction string
}

// CloseCursor is CLOSE name; the name "" is ALL.
type CloseCursor struct{ Name string }

// Copy is COPY (query)|table TO STDOUT [WITH (...)].
type Copy struct {
	Query   *Query
	Table   *Name
	Columns []string
	Format  string // "text", "csv", "binary"
	Header  bool
	// Of the options, empty unless said.
	Delimiter, Null, Quote, Escape, Encoding string
	ForceQuote                               []string // "*" for all
}

// Tag of each statement.
func (*Set) Tag() string          { return "SET" }
func (*ShowVariable) Tag() string { return "SHOW" }
func (*Reset) Tag() string        { return "RESET" }
func (s *Transaction) Tag() string {
	switch s.Verb {
	case RollbackTo:
		return "ROLLBACK"
	case SetChars:
		return "SET"
	}
	return string(s.Verb)
}
func (s *Discard) Tag() string     { return "DISCARD " + s.What }
func (*DeclareCursor) Tag() string { return "DECLARE CURSOR" }
func (s *Fetch) Tag() string {
	if s.Move {
		return "MOVE"
	}
	return "FETCH"
}
func (*CloseCursor) Tag() string { return "CLOSE CURSOR" }
func (*Copy) Tag() string        { return "COPY" }
