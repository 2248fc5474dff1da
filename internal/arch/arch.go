// Package arch holds the rules of ARCHITECTURE.md as tests: which package may
// import which, that every package says what it is, that domains speak the
// field's words and not a product's, and that the map names only what exists.
package arch
