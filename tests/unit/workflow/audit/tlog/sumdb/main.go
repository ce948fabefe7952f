// Checks, with Go's own note and tlog packages, what Anli hands out. Reads JSON on standard input:
// vkey, checkpoint, older (another checkpoint, or ""), growth (base64 hashes), leaf (base64), index, path (base64 hashes).
// Says "sound" or what is wrong.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type asked struct {
	Vkey, Checkpoint, Older string
	Growth, Path            []tlog.Hash
	Leaf                    []byte
	Index                   int64
}

// open gives the tree that a signed checkpoint states. ParseTree knows only the checksum database's own first line.
func open(text, vkey string) (tree tlog.Tree, err error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	var origin, root string
	if _, err = fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &tree.N, &root); err != nil {
		return tree, err
	}
	if origin != verifier.Name() {
		return tree, fmt.Errorf("origin %s", origin)
	}
	tree.Hash, err = tlog.ParseHash(root)
	return tree, err
}

func check(given asked) error {
	tree, err := open(given.Checkpoint, given.Vkey)
	if err != nil {
		return err
	}
	if given.Older != "" {
		older, err := open(given.Older, given.Vkey)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(given.Growth, tree.N, tree.Hash, older.N, older.Hash); err != nil {
			return err
		}
	}
	return tlog.CheckRecord(given.Path, tree.N, tree.Hash, given.Index, tlog.RecordHash(given.Leaf))
}

func main() {
	decoder := json.NewDecoder(os.Stdin)
	for decoder.More() {
		var given asked
		err := decoder.Decode(&given)
		if err == nil {
			err = check(given)
		}
		if err != nil {
			fmt.Printf("%q\n", err.Error())
		} else {
			fmt.Printf("%q\n", "sound")
		}
	}
}
