package render

import (
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// buildOptions are what Argo CD tells kustomize, as its ConfigMap argocd-cm says.
type buildOptions struct {
	// place is where the ConfigMap comes from; without a file nothing says what the options are.
	place manifest.Place
	// enableHelm has kustomize inflate charts, unrestricted has it read files outside of a kustomization's directory.
	enableHelm, unrestricted bool
	// unknown are options that may change what is rendered, and that are not followed.
	unknown []string
}

// argoCDOptions finds Argo CD's ConfigMap among objects and reads kustomize.buildOptions. Of several the first that
// says anything counts.
func argoCDOptions(resources []manifest.Resource) buildOptions {
	var found buildOptions
	for _, res := range resources {
		if res.ID.Kind != "ConfigMap" || res.ID.Group != "" || res.ID.Name != "argocd-cm" {
			continue
		}
		text, says := manifest.Dig(res.Object, "data", "kustomize.buildOptions").(string)
		if found.place.File == "" || says {
			found = parseBuildOptions(text)
			found.place = res.Place("data", "kustomize.buildOptions")
		}
		if says {
			break
		}
	}
	return found
}

// harmless are options of kustomize build that change no object of a repository in which nothing is executed, and
// whether each takes a value.
var harmless = map[string]bool{
	"--enable-alpha-plugins": false, "--enable-exec": false, "--enable-star": false, "--as-current-user": false, "--network": false,
	"--network-name": true, "--reorder": true, "--helm-command": true, "--mount": true, "--env": true, "-e": true,
}

const loadRestrictor = "--load-restrictor"

func parseBuildOptions(text string) buildOptions {
	var o buildOptions
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		name, value, given := strings.Cut(words[i], "=")
		takesValue, isHarmless := harmless[name]
		if (takesValue || name == loadRestrictor) && !given && i+1 < len(words) {
			i++
			value = words[i]
		}
		switch {
		case name == "--enable-helm":
			o.enableHelm = value != "false"
		case name == loadRestrictor:
			o.unrestricted = value == "LoadRestrictionsNone"
		case !isHarmless:
			o.unknown = append(o.unknown, name)
		}
	}
	return o
}

// settle holds what was rendered against what Argo CD's options say of it.
func (r *renderer) settle(o buildOptions) {
	if len(r.charts) == 0 {
		return
	}
	if o.place.File == "" {
		r.result.Notes = append(r.result.Notes, "--enable-helm is assumed: no ConfigMap argocd-cm is rendered from this repository")
		return
	}
	for _, name := range o.unknown {
		r.result.Notes = append(r.result.Notes, fmt.Sprintf("kustomize.buildOptions of argocd-cm has %s, which is not followed here", name))
	}
	if o.enableHelm {
		return
	}
	for _, p := range r.charts {
		p.Kind = build.HelmNotEnabled
		p.Message = fmt.Sprintf("kustomize.buildOptions of argocd-cm (%s:%d) lacks --enable-helm", o.place.File, o.place.Line)
		r.tell(p)
	}
}
