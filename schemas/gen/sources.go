package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// source is a pinned module and what is read out of it.
type source struct {
	Module  string `json:"module"`
	Version string `json:"version"`
	// Sum is the hash of the module as go.sum has it.
	Sum string `json:"sum"`
	// Kubernetes says that the module is Kubernetes itself, and which version (major.minor).
	Kubernetes string `json:"kubernetes,omitempty"`
	// Lifecycles is a glob of the packages whose types know since when their API is deprecated. A later module counts where two
	// know of one.
	Lifecycles string `json:"lifecycles,omitempty"`
	// CRDs are globs of the files with CustomResourceDefinitions.
	CRDs []string `json:"crds,omitempty"`
	// OpenAPI is what a server says of kinds that no CustomResourceDefinition defines.
	OpenAPI *openAPI `json:"openapi,omitempty"`
}

// String gives the module as the go command takes it.
func (s source) String() string { return s.Module + "@" + s.Version }

func readSources(file string) ([]source, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var sources []source
	if err := decoder.Decode(&sources); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return sources, nil
}

// fetch gives the folder of the module, which must have the pinned sum.
func (s source) fetch(ctx context.Context) (dir string, err error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", s.String())
	out, runErr := cmd.Output()
	var answer struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(out, &answer); err != nil {
		return "", errors.Join(runErr, err)
	}
	if answer.Error != "" {
		return "", errors.New(answer.Error)
	}
	if answer.Sum != s.Sum {
		return "", fmt.Errorf("sum %q: sources.json says %q", answer.Sum, s.Sum)
	}
	return answer.Dir, nil
}

// minor gives the second number of a version of Kubernetes.
func minor(version string) int {
	_, after, _ := strings.Cut(version, ".")
	n, _ := strconv.Atoi(after)
	return n
}
