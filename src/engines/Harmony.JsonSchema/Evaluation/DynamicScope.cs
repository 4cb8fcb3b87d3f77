using Harmony.Modules.Middleware.Schema.Loading;

namespace Harmony.Modules.Middleware.Schema.Evaluation;

/// <summary>The schema resources entered on the way to the current one, innermost first (§7.1).</summary>
internal sealed record DynamicScope(DynamicScope? Outer, SchemaResource Resource);
