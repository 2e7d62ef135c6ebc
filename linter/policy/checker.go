// Package policy judges objects by policies written in Rego: our own and the user's, which enter by the same door.
//
// It knows how policies are laid out, compiled and asked, and nothing of what a single one judges.
package policy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

var _ linter.Checker = (*Checker)(nil)

// Checker judges objects by policies. Make one with New.
type Checker struct {
	// rules are those of the policies, sorted by ID. sum is the digest of their files, own says that some are the repository's own, and
	// fresh that they were read anew.
	rules []linter.Rule
	files []file
	sum   string
	own   bool
	fresh bool
	// policies are in the order of the rules, modules what they stand in. parse fills them in.
	policies []policy
	modules  []module
	// compiler is of the modules. Compile fills it in.
	compiler *ast.Compiler
	once     sync.Once
	failed   error
	// limits are those of the repository's own policies, for each object.
	limits watchdog.Limits
	// patience is how long one of ours may take for each object.
	patience time.Duration
}

// policy is one rule with the queries that judge it.
type policy struct {
	rule    linter.Rule
	kinds   kinds
	queries []query
	// pkg is the package in our layout; empty elsewhere.
	pkg string
	// bare says that it sees the object itself as its input, as conftest has it.
	bare bool
	// pieces are those of all kinds, where our libraries know any.
	pieces map[string][]piece
	// own says that it is the repository's own: nobody knows how long it takes.
	own bool
}

// query asks one rule of a module, such as deny.
type query struct {
	name     string
	location *ast.Location
	ref      ast.Ref
	// severity is Off where the rule of the linter decides.
	severity linter.Severity
	prepared rego.PreparedEvalQuery
}

// New reads the policies of all sources, and compiles them where some are the repository's own: ours are compiled when they are
// first asked. An error about a file begins with its name, line and column.
func New(ctx context.Context, sources ...Source) (*Checker, error) {
	return NewKept(ctx, nil, sources...)
}

// NewKept is New; of ours alone it takes the rules that an earlier run read.
func NewKept(ctx context.Context, kept *cache.Store, sources ...Source) (*Checker, error) {
	files, err := read(ctx, sources)
	if err != nil {
		return nil, err
	}
	c := &Checker{files: files, sum: digest(files), limits: ownLimits, patience: ourPatience}
	if c.own = slices.ContainsFunc(files, func(f file) bool { return f.source.Name != "" }); c.own {
		return c, c.Compile(ctx)
	}
	key, ok := kept.Key("rules", c.sum)
	if ok {
		if data, known := kept.Large(key); known && manifest.Unpack(data, &c.rules) == nil {
			return c, nil
		}
	}
	if err := c.parse(); err != nil {
		return nil, err
	}
	c.fresh = true
	if data, err := manifest.Pack(c.rules); ok && err == nil {
		kept.PutLarge(key, data)
	}
	return c, nil
}

// parse parses the policies, once.
func (c *Checker) parse() (err error) {
	if c.policies != nil {
		return nil
	}
	if c.modules, err = parseAll(c.files); err != nil {
		return err
	}
	if c.policies, err = arrange(c.modules); err != nil {
		return err
	}
	slices.SortFunc(c.policies, func(a, b policy) int { return cmp.Compare(a.rule.ID, b.rule.ID) })
	c.rules = make([]linter.Rule, len(c.policies))
	for i, p := range c.policies {
		c.rules[i] = p.rule
	}
	return nil
}

// Digest is that of the files that the policies stand in.
func (c *Checker) Digest() string { return c.sum }

// Fresh reports whether no earlier run has read the policies.
func (c *Checker) Fresh() bool { return c.fresh }

// Compile compiles the policies, once.
func (c *Checker) Compile(ctx context.Context) error {
	c.once.Do(func() {
		if c.failed = c.parse(); c.failed != nil {
			return
		}
		var compiler *ast.Compiler
		var err error // what is given up on writes here, and nobody reads it
		limits := watchdog.Limits{}
		if c.own { // with ours alone whatever is done at the same time may take memory
			limits = compileLimits
		}
		stopped := watchdog.Run(ctx, limits, func() { compiler, err = prepareAll(ctx, c.modules, c.policies) })
		if stopped != nil {
			c.failed = fmt.Errorf("compiling the policies: %w", stopped)
			return
		}
		c.compiler, c.failed = compiler, err
	})
	return c.failed
}

// compileLimits bound the compiler. Ours take a tenth of a second.
var compileLimits = watchdog.Limits{Time: time.Minute, Memory: 1 << 30}

// prepareAll compiles the modules, and makes the queries of the policies ready to be asked.
func prepareAll(ctx context.Context, modules []module, policies []policy) (*ast.Compiler, error) {
	compiler, err := compile(modules)
	if err != nil {
		return nil, err
	}
	var pods table
	if slices.ContainsFunc(policies, func(p policy) bool { return p.kinds.pods }) {
		if pods, err = readTable(ctx, compiler); err != nil {
			return nil, err
		}
	}
	for i := range policies {
		p := &policies[i]
		p.pieces = pods.pieces
		if p.kinds.pods {
			p.kinds.running = pods.kinds
		}
		for i := range p.queries {
			if err := prepare(ctx, compiler, &p.queries[i]); err != nil {
				return nil, err
			}
		}
	}
	return compiler, nil
}

// Rules lists the rules it judges, sorted by ID.
func (c *Checker) Rules() []linter.Rule { return slices.Clone(c.rules) }
