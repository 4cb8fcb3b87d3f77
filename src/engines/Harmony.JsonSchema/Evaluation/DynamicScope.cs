using Harmony.JsonSchema.Loading;

namespace Harmony.JsonSchema.Evaluation;

/// <summary>The schema resources entered on the way to the current one, innermost first (§7.1).</summary>
internal sealed record DynamicScope(DynamicScope? Outer, SchemaResource Resource);
