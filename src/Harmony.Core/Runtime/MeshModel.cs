namespace Harmony.Core.Runtime;

/// <summary>A mesh for people to look at: <c>harmony explain</c>, <c>harmony mesh</c>. Holds no secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Provider">Who manages it.</param>
/// <param name="Words">What its tokens are and by which keys they are made and verified, a line each.</param>
/// <param name="References">What each reference of its <c>ingress</c> and <c>egress</c> means.</param>
public sealed record MeshModel(string Name, string Provider, IReadOnlyList<string> Words, IReadOnlyList<ResolvedReference> References);

/// <summary>What a reference means.</summary>
/// <param name="Kind"><c>ingress</c> or <c>egress</c>.</param>
/// <param name="Reference">As written.</param>
/// <param name="Meaning">What it means: <c>ingress 'fhir' of pipeline 'records'</c>; null where nobody knows.</param>
/// <param name="Origin">Where that was found: a file with line, or a provider.</param>
/// <param name="Urls">The URLs that belong to it.</param>
/// <param name="ResolvedAt">When a provider said so; null for what stands in files.</param>
public sealed record ResolvedReference(string Kind, string Reference, string? Meaning, string Origin, IReadOnlyList<string> Urls, DateTimeOffset? ResolvedAt);
