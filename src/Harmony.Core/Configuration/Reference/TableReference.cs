namespace Harmony.Core.Configuration.Reference;

/// <summary>Everything a user may want to know about one table of a configuration.</summary>
/// <param name="Record">The record that mirrors it.</param>
/// <param name="Summary">What it is for; Markdown, one paragraph.</param>
/// <param name="Keys">Its keys, in the order in which they are documented.</param>
/// <param name="FormerKeys">Keys that older documents hold and that have no effect any more.</param>
/// <param name="TakesOtherKeys">Whether keys that are not listed mean something all the same.</param>
public sealed record TableReference(
    Type Record, string Summary, IReadOnlyList<KeyReference> Keys, IReadOnlyList<FormerKeyAttribute> FormerKeys, bool TakesOtherKeys);
