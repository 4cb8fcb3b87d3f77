using Harmony.Core.Configuration;

namespace CustomMiddleware;

/// <summary>The options of a <c>stamp</c> middleware: what stands under <c>[middleware.NAME.options]</c>.</summary>
public sealed record StampOptions : ConfigNode
{
    /// <summary>The text of the mark.</summary>
    [NotEmpty]
    public required string Text { get; init; }

    /// <summary>The field of the answer that gets the mark.</summary>
    public string Field { get; init; } = "x-stamp";
}
