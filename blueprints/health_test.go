package blueprints_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

const healthPrefix = "resource.customizations.health."

// healthScripts are the scripts by which the Argo CD of a tier judges objects, by <group>_<kind>.
func healthScripts(t *testing.T, tier blueprint.Tier) map[string]string {
	t.Helper()
	b, _, err := blueprint.Evaluate(t.Context(), blueprint.Source{Library: blueprints.FS}, blueprint.Spec{Tier: tier}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	scripts := map[string]string{}
	for _, c := range b.Clusters[0].Components {
		if c.Capability != "gitops" {
			continue
		}
		configs, _ := c.Charts[0].Values["configs"].(map[string]any)
		settings, _ := configs["cm"].(map[string]any)
		for key, value := range settings {
			if kind, ok := strings.CutPrefix(key, healthPrefix); ok {
				scripts[kind] = value.(string)
			}
		}
	}
	return scripts
}

// judge runs a health script as Argo CD 3.4.4 does: with the base and table libraries alone, and with os, of which only
// the clock is left, where the script requires it.
func judge(t *testing.T, script string, object map[string]any) (status, message string) {
	t.Helper()
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer l.Close()
	for name, open := range map[string]lua.LGFunction{lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		l.Push(l.NewFunction(open))
		l.Push(lua.LString(name))
		l.Call(1, 0)
	}
	l.PreloadModule(lua.OsLibName, clock)
	l.SetGlobal("obj", luaValue(l, object))
	if err := l.DoString(script); err != nil {
		t.Fatal(err)
	}
	result, ok := l.Get(-1).(*lua.LTable)
	if !ok {
		t.Fatalf("got %s, want a table", l.Get(-1).Type())
	}
	return lua.LVAsString(result.RawGetString("status")), lua.LVAsString(result.RawGetString("message"))
}

// clock is the module os with time and date alone.
func clock(l *lua.LState) int {
	lua.OpenOs(l)
	all := l.CheckTable(-1)
	l.SetGlobal(lua.OsLibName, lua.LNil)
	left := l.NewTable()
	for _, name := range []string{"date", "time"} {
		left.RawSetString(name, all.RawGetString(name))
	}
	l.Push(left)
	return 1
}

func luaValue(l *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case bool:
		return lua.LBool(v)
	case int:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	case []any:
		table := l.NewTable()
		for _, one := range v {
			table.Append(luaValue(l, one))
		}
		return table
	case map[string]any:
		table := l.NewTable()
		for key, one := range v {
			table.RawSetString(key, luaValue(l, one))
		}
		return table
	}
	return lua.LNil
}

// object reads an object, made as long ago as age says.
func object(t *testing.T, text string, age time.Duration) map[string]any {
	t.Helper()
	var o map[string]any
	if err := yaml.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	if o == nil {
		o = map[string]any{}
	}
	o["metadata"] = map[string]any{"name": "lamp", "creationTimestamp": time.Now().UTC().Add(-age).Format(time.RFC3339)}
	return o
}

// TestHealthOfApplications wants an Application to count as passed once it works, or after half an hour, and never as
// Degraded: that would fail the sync of its parent.
func TestHealthOfApplications(t *testing.T) {
	const (
		minute = time.Minute
		old    = 31 * time.Minute
	)
	script := healthScripts(t, blueprint.Small)["argoproj.io_Application"]
	for _, c := range []struct {
		name   string
		age    time.Duration
		object string
		// status and message are what is wanted.
		status, message string
	}{
		{"just made, nobody has looked at it", 0, ``, "Progressing", "it is Unknown"},
		{"an empty status", 0, `status: {}`, "Progressing", "it is Unknown"},
		{"compared, and nothing synced", minute, `status: {sync: {status: OutOfSync}, health: {status: Missing}}`, "Progressing", "it is Missing"},
		{"the first sync runs, and one object lives", minute,
			`status: {sync: {status: OutOfSync}, health: {status: Healthy}, operationState: {phase: Running, message: waiting for healthy state of apps/Deployment/lamp}}`,
			"Progressing", "it is Healthy"},
		{"the first sync runs, and all that was compared is there", minute,
			`status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Running}}`, "Progressing", "it is Healthy"},
		{"synced, its pods start", minute, `status: {sync: {status: Synced}, health: {status: Progressing}, operationState: {phase: Succeeded}}`, "Progressing", "it is Progressing"},
		{"synced and healthy", minute, `status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Succeeded}}`, "Healthy", "it is Healthy"},
		{"without objects: never an operation", minute, `status: {sync: {status: Synced}, health: {status: Healthy}}`, "Healthy", "it is Healthy"},
		{"degraded for a moment", minute,
			`status: {sync: {status: Synced}, health: {status: Degraded, message: 'Deployment "lamp" exceeded its progress deadline'}, operationState: {phase: Succeeded}}`,
			"Progressing", `it is Degraded: Deployment "lamp" exceeded its progress deadline`},
		{"degraded before its first sync ended", minute, `status: {sync: {status: OutOfSync}, health: {status: Degraded}, operationState: {phase: Running}}`, "Progressing", "it is Degraded"},
		{"an object is missing", minute, `status: {sync: {status: OutOfSync}, health: {status: Missing}, operationState: {phase: Succeeded}}`, "Progressing", "it is Missing"},
		{"healthy, and changed by hand", minute, `status: {sync: {status: OutOfSync}, health: {status: Healthy}, operationState: {phase: Succeeded}}`, "Progressing", "it is Healthy"},
		{"its sync failed", minute,
			`status: {sync: {status: OutOfSync}, health: {status: Healthy}, operationState: {phase: Failed, message: 'namespaces "lamps" not found'}}`, "Progressing", "it is Healthy"},
		{"its sync failed, and all is there", minute, `status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Failed}}`, "Progressing", "it is Healthy"},
		{"its sync could not be tried", minute, `status: {sync: {status: Unknown}, health: {status: Healthy}, operationState: {phase: Error}}`, "Progressing", "it is Healthy"},
		{"its sync is taken back", minute, `status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Terminating}}`, "Progressing", "it is Healthy"},
		{"its source cannot be rendered", minute,
			`status: {sync: {status: Unknown}, health: {status: Unknown}, conditions: [{type: ComparisonError, message: chart not found}]}`, "Progressing", "it is Unknown"},
		{"suspended", minute, `status: {sync: {status: Synced}, health: {status: Suspended, message: CronJob is suspended}, operationState: {phase: Succeeded}}`,
			"Progressing", "it is Suspended: CronJob is suspended"},
		{"compared, its health not yet known", minute, `status: {sync: {status: Synced}}`, "Progressing", "it is Unknown"},
		{"a root that holds itself", minute,
			`status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Succeeded}, resources: [{kind: Application, name: lamp, status: Synced}]}`, "Healthy", "it is Healthy"},
		{"nearly half an hour old, and broken", 29 * time.Minute, `status: {sync: {status: Synced}, health: {status: Degraded}, operationState: {phase: Succeeded}}`, "Progressing", "it is Degraded"},
		{"old: a machine is off", old,
			`status: {sync: {status: Synced}, health: {status: Progressing, message: 'Waiting for daemon set "lamp" rollout to finish'}, operationState: {phase: Succeeded}}`,
			"Healthy", `it is Progressing: Waiting for daemon set "lamp" rollout to finish`},
		{"old and broken", old, `status: {sync: {status: OutOfSync}, health: {status: Degraded}, operationState: {phase: Failed}}`, "Healthy", "it is Degraded"},
		{"old, and its sync runs", old, `status: {sync: {status: OutOfSync}, health: {status: Healthy}, operationState: {phase: Running}}`, "Healthy", "it is Healthy"},
		{"old, and nobody has looked at it", old, ``, "Healthy", "it is Unknown"},
		{"a year old and well", 365 * 24 * time.Hour, `status: {sync: {status: Synced}, health: {status: Healthy}, operationState: {phase: Succeeded}}`, "Healthy", "it is Healthy"},
	} {
		status, message := judge(t, script, object(t, c.object, c.age))
		if status != c.status || message != c.message {
			t.Errorf("%s: got %s, %q, want %s, %q", c.name, status, message, c.status, c.message)
		}
	}
}

// TestHealthOfOtherKinds wants what is not yet there to be waited for, and what went wrong to show.
func TestHealthOfOtherKinds(t *testing.T) {
	const crd, secret = "apiextensions.k8s.io_CustomResourceDefinition", "isindir.github.com_SopsSecret"
	scripts := healthScripts(t, blueprint.Small)
	for _, c := range []struct{ name, kind, object, status, message string }{
		{"just made", crd, ``, "Progressing", "not established yet"},
		{"names accepted", crd, `status: {conditions: [{type: NamesAccepted, status: "True"}, {type: Established, status: "False"}]}`, "Progressing", "not established yet"},
		{"established", crd, `status: {conditions: [{type: NamesAccepted, status: "True"}, {type: Established, status: "True"}]}`, "Healthy", ""},
		{"just made", secret, ``, "Progressing", "not decrypted yet"},
		{"an empty status", secret, `status: {message: ""}`, "Progressing", "not decrypted yet"},
		{"decrypted", secret, `status: {message: Healthy}`, "Healthy", ""},
		{"the key is another", secret, `status: {message: Decryption error}`, "Degraded", "Decryption error"},
		{"the Secret is somebody else's", secret, `status: {message: Child secret is not owned by controller error}`, "Degraded", "Child secret is not owned by controller error"},
		{"suspended", secret, `{spec: {suspend: true}, status: {message: Reconciliation is suspended}}`, "Suspended", "Reconciliation is suspended"},
	} {
		status, message := judge(t, scripts[c.kind], object(t, c.object, time.Minute))
		if status != c.status || message != c.message {
			t.Errorf("%s, %s: got %s, %q, want %s, %q", c.kind, c.name, status, message, c.status, c.message)
		}
	}
}

// TestHealthIsAlikeInAllTiers wants the scripts that are tested here to be those of every tier, and no others.
func TestHealthIsAlikeInAllTiers(t *testing.T) {
	want := healthScripts(t, blueprint.Small)
	kinds := []string{"apiextensions.k8s.io_CustomResourceDefinition", "argoproj.io_Application", "isindir.github.com_SopsSecret"}
	if got := slices.Sorted(maps.Keys(want)); !slices.Equal(got, kinds) {
		t.Errorf("got scripts for %q, want %q", got, kinds)
	}
	for _, tier := range []blueprint.Tier{blueprint.Medium, blueprint.Enterprise} {
		if got := healthScripts(t, tier); !maps.Equal(got, want) {
			t.Errorf("%s: got other scripts", tier)
		}
	}
}
