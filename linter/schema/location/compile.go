package location

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// limits are what compiling a schema may take. The largest ones that people keep take a second.
var limits = watchdog.Limits{Time: 10 * time.Second, Memory: 1 << 30}

// compile gives an error where objects cannot be judged by a schema: kubeconform would take it for none, without a word, and ask for
// what it refers to wherever that is.
func compile(ctx context.Context, data []byte) (err error) {
	if stopped := watchdog.Run(ctx, limits, func() { err = compileNow(data) }); stopped != nil {
		return fmt.Errorf("compiling it was %w", stopped)
	}
	return err
}

// name is what a schema is called while it is compiled.
const name = "file:///schema.json"

func compileNow(data []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("it is no JSON schema: it is no JSON: %w", err)
	}
	if _, ok := document.(map[string]any); !ok {
		return errors.New("it is no JSON schema: want an object")
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4) // as kubeconform has it
	var others alone
	c.UseLoader(&others)
	err = c.AddResource(name, document)
	if err == nil {
		_, err = c.Compile(name)
	}
	switch {
	case others.asked != "":
		return fmt.Errorf("it refers to %s: want a schema that holds all it refers to, as those with standalone in their path do", others.asked)
	case err != nil:
		return fmt.Errorf("it is no JSON schema: %s", oneLine(err))
	}
	return nil
}

func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), name, "")), " ")
}

// alone loads nothing that a schema refers to, and keeps what that was.
type alone struct{ asked string }

// Load implements jsonschema.URLLoader.
func (a *alone) Load(url string) (any, error) {
	a.asked = strings.TrimPrefix(url, "file:///")
	return nil, errors.New("it is not loaded")
}
