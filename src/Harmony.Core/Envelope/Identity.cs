namespace Harmony.Core.Envelope;

/// <summary>
/// Who sent a request, established by an authentication step. Immutable and shared: a step that knows a credential already hands out the
/// same instance again.
/// </summary>
/// <param name="Method">How it was established: <c>basic</c>, <c>bearer</c>, <c>jwt</c>, <c>api_key</c>, <c>oauth2</c>, <c>mutual_tls</c>.</param>
/// <param name="Subject">The user's name, the claim <c>sub</c>, or the name of the API key. Empty when the credential has no name.</param>
public sealed record Identity(string Method, string Subject)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>
    /// What is known besides, under the names it has in the metadata: <c>jwt.sub</c>, <c>basic.user</c>, <c>api_key.name</c>. Strings as
    /// they are, everything else as JSON.
    /// </summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = None;

    /// <summary>The claim of that name (<c>jwt.sub</c>), or null.</summary>
    public string? Claim(string name) => Claims.GetValueOrDefault(name);

    /// <summary>This one with what an earlier step has established kept where this one says nothing.</summary>
    internal Identity Over(Identity earlier)
    {
        var claims = new Dictionary<string, string>(earlier.Claims, StringComparer.Ordinal);
        foreach (var (name, value) in Claims) claims[name] = value;
        return this with { Subject = Subject.Length > 0 ? Subject : earlier.Subject, Claims = claims };
    }

    /// <summary>The kind of identity without its name, so that names of people do not get into logs by accident.</summary>
    public override string ToString() => $"{nameof(Identity)} by {Method}";
}
