package appset

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Fixture is what a generator is taken to give that asks what no repository says.
type Fixture struct {
	// Set is the name of the ApplicationSet, Generator the kind of the generator in it.
	Set, Generator string
	Elements       []FixtureElement
	// Place is where it stands.
	Place manifest.Place
}

// FixtureElement is one of the things that a generator finds, such as a pull request.
type FixtureElement struct {
	Fields map[string]any
	Place  manifest.Place
}

// What providers say of repositories and pull requests, as far as the other parameters do not follow from it.
var (
	repositoryFields  = []string{"branch", "labels", "organization", "repository", "repository_id", "sha", "url"}
	pullRequestFields = []string{"author", "branch", "head_sha", "labels", "number", "target_branch", "title"}
)

// fixture gives what is declared of a generator that asks what no repository says.
func (x *expansion) fixture(g generator, kind string, yield func(given) error) error {
	x.out.Asked = append(x.out.Asked, kind)
	i := slices.IndexFunc(x.world.Fixtures, func(f Fixture) bool { return f.Set == x.set.ID.Name && f.Generator == kind })
	if i < 0 {
		return Lack{Kind: Unsaid, Place: x.set.KeyPlace(g.at.With(kind)...), Text: fmt.Sprintf("its generator %s asks %s", kind, live[kind])}
	}
	for _, element := range x.world.Fixtures[i].Elements {
		params, err := x.found(g, kind, element.Fields)
		if err != nil {
			return Lack{Kind: Wrong, Place: element.Place, Text: fmt.Sprintf("the fixture of its generator %s: %v", kind, err)}
		}
		if err := x.withValues(params, g.object(kind)["values"]); err != nil {
			return x.wrong(g.at.With(kind), "%v", err)
		}
		if err := yield(given{params, []manifest.Element{{Place: element.Place}}}); err != nil {
			return err
		}
	}
	return nil
}

// found gives the parameters that Argo CD makes of what a generator finds.
func (x *expansion) found(g generator, kind string, fields map[string]any) (map[string]any, error) {
	switch kind {
	case "scmProvider":
		return x.repository(fields)
	case "pullRequest":
		return x.pullRequest(fields)
	case "plugin":
		if x.spec.GoTemplate {
			params := decoded(fields).(map[string]any)
			params["generator"] = map[string]any{"input": map[string]any{"parameters": manifest.Dig(g.object(kind), "input", "parameters")}}
			return params, nil
		}
	}
	params := map[string]any{}
	for name, text := range flatten(fields) {
		params[name] = text
	}
	return params, nil
}

// repository gives the parameters of the generator scmProvider.
func (x *expansion) repository(fields map[string]any) (map[string]any, error) {
	params, labels, err := textsOf(fields, repositoryFields)
	if err != nil {
		return nil, err
	}
	branch, sha := params["branch"].(string), params["sha"].(string)
	params["labels"], params["branchNormalized"] = strings.Join(labels, ","), fill.Normalize(branch)
	params["short_sha"], params["short_sha_7"] = sha[:min(len(sha), 8)], sha[:min(len(sha), 7)]
	return params, nil
}

// pullRequest gives the parameters of the generator pullRequest. Labels are for Go templates alone.
func (x *expansion) pullRequest(fields map[string]any) (map[string]any, error) {
	params, labels, err := textsOf(fields, pullRequestFields)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"branch", "target_branch"} {
		if params[name+"_slug"], err = fill.Slugify(params[name]); err != nil {
			return nil, err
		}
	}
	sha := params["head_sha"].(string)
	params["head_short_sha"], params["head_short_sha_7"] = sha[:min(len(sha), 8)], sha[:min(len(sha), 7)]
	if delete(params, "labels"); x.spec.GoTemplate {
		params["labels"] = labels
	}
	return params, nil
}

// textsOf gives the fields of an element as texts, those that it does not have as empty ones, and its labels.
func textsOf(fields map[string]any, names []string) (params map[string]any, labels []string, err error) {
	params = map[string]any{}
	for _, name := range names {
		params[name] = ""
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		list, isList := fields[name].([]any)
		switch _, isObject := fields[name].(map[string]any); {
		case !slices.Contains(names, name):
			return nil, nil, fmt.Errorf("unknown field %q%s: want %s", name, wording.DidYouMean(name, names), wording.Either(names))
		case isList != (name == "labels") || isObject:
			return nil, nil, fmt.Errorf("%s: want a text, and a list of texts for labels", name)
		case !isList:
			params[name] = fmt.Sprint(fields[name])
		}
		for _, label := range list {
			labels = append(labels, fmt.Sprint(label))
		}
	}
	return params, labels, nil
}
