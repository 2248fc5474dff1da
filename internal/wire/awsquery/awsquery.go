// Package awsquery is the query protocol of older AWS services (IAM, STS): the
// operation and its input are form parameters, the answer is XML.
//
// A structure's members are parameters of their names; what is nested joins
// names with dots. Lists are NAME.member.1, NAME.member.2 and so on; maps are
// NAME.entry.1.key and NAME.entry.1.value. The answer to operation Op is
// OpResponse with OpResult inside, lists as <member>, maps as <entry>.
//
// The codec works by reflection on the SDK's input and output structs, whose
// field names are the members' names.
//
// Source: "AWS query protocol" in the Smithy specification.
package awsquery

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
)

// Codec is the protocol for one service.
type Codec struct {
	// Namespace of the answers: "https://iam.amazonaws.com/doc/2010-05-08/".
	Namespace string
}

// Encode answers operation op with out, a pointer to an SDK output struct.
func (c Codec) Encode(w http.ResponseWriter, op, requestID string, out any) error {
	var b strings.Builder
	b.WriteString("<" + op + `Response xmlns="` + escape(c.Namespace) + `">`)
	if err := encode(&b, op+"Result", out); err != nil {
		return err
	}
	b.WriteString("<ResponseMetadata><RequestId>" + escape(requestID) + "</RequestId></ResponseMetadata></" + op + "Response>")
	return send(w, http.StatusOK, b.String())
}

// Fault answers with an error. It is the sender's fault below status 500.
func (c Codec) Fault(w http.ResponseWriter, status int, code, message, requestID string) {
	who := "Sender"
	if status >= 500 {
		who = "Receiver"
	}
	// A client that is gone cannot be told anything.
	_ = send(w, status, `<ErrorResponse xmlns="`+escape(c.Namespace)+`"><Error><Type>`+who+"</Type><Code>"+escape(code)+
		"</Code><Message>"+escape(message)+"</Message></Error><RequestId>"+escape(requestID)+"</RequestId></ErrorResponse>")
}

func send(w http.ResponseWriter, status int, body string) error {
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write([]byte(body))
	return err
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
