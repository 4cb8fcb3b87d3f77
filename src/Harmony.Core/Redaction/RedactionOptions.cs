using Harmony.Core.Configuration;

namespace Harmony.Core.Redaction;

/// <summary>Which values are hidden besides those of credentials and of <c>sensitive_field_patterns</c>, as a middleware's options say.</summary>
/// <param name="Fields">Names of header fields and cookies.</param>
/// <param name="Metadata">Names of metadata.</param>
/// <param name="Data">Members of a body, as paths.</param>
internal sealed record RedactionOptions(IReadOnlyList<string> Fields, IReadOnlyList<string> Metadata, IReadOnlyList<string> Data)
{
    /// <summary>Makes the redactor.</summary>
    public Redactor Build(ProxySection proxy, ConfigProblems problems) => new(this, SensitivePatterns.From(proxy, problems));
}
