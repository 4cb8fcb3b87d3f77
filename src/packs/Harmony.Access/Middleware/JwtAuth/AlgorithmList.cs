using Harmony.Core.Configuration;
using Harmony.Jose;

namespace Harmony.Access.Middleware.JwtAuth;

/// <summary>Reads <c>algorithms</c>. Secrets and public keys are never accepted side by side: a public key is no secret (RFC 8725 §2.1).</summary>
internal sealed class AlgorithmList(JwtAuthOptions options, ConfigProblems problems)
{
    /// <summary>Reads it; null when it cannot be used, which has been reported.</summary>
    public AcceptedAlgorithms? Read()
    {
        if (options.Algorithms.Count == 0) return options.UseHs256 ? AcceptedAlgorithms.Hs256 : AcceptedAlgorithms.Default;
        var read = new List<JwsAlgorithm>();
        for (var i = 0; i < options.Algorithms.Count; i++)
        {
            if (Read(options.Algorithms[i], options.LocationOf("algorithms", i)) is { } algorithm) read.Add(algorithm);
        }

        if (read.Count < options.Algorithms.Count) return null;
        var families = read.Select(a => a.Family).Where(f => f is SignatureFamily.RsaPkcs1 or SignatureFamily.RsaPss).Distinct().Count();
        if (families > 1 && options.PublicKeyPath is not null)
        {
            problems.Error(options.LocationOf("algorithms"), "one RSA key serves either RS256, RS384 and RS512 or PS256, PS384 and PS512, not both");
            return null;
        }

        return new AcceptedAlgorithms(read);
    }

    private JwsAlgorithm? Read(string name, SourceLocation location)
    {
        if (JwsAlgorithm.Find(name) is not { } algorithm)
        {
            var names = JwsAlgorithm.All.Select(a => a.Name).ToList();
            problems.Error(location, $"'{name}' is not an algorithm that can be accepted; it is one of {string.Join(", ", names)}{NearestName.Suggestion(name, names)}");
            return null;
        }

        if ((algorithm.Family == SignatureFamily.Hmac) == options.UseHs256) return algorithm;
        problems.Error(location, options.UseHs256
            ? $"'{name}' does not go with 'use_hs256', which accepts HS256, HS384 and HS512 only"
            : $"'{name}' needs 'use_hs256 = true' and a 'hs256_secret'");
        return null;
    }
}
