package manifest

// Merge puts over on top of values: mappings are merged, all else is replaced. Neither is changed.
func Merge(values, over map[string]any) map[string]any {
	merged := make(map[string]any, len(values)+len(over))
	for k, v := range values {
		merged[k] = v
	}
	for k, v := range over {
		below, isMap := merged[k].(map[string]any)
		above, both := v.(map[string]any)
		if isMap && both {
			v = Merge(below, above)
		}
		merged[k] = v
	}
	return merged
}
