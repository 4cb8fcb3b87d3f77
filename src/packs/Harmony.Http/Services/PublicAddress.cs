using Harmony.Core.Envelope;

namespace Harmony.Http.Services;

/// <summary>Where clients reach a service: what the configuration says, or what the client asked for, as far as trusted proxies say.</summary>
/// <param name="configured">The base URL of the configuration, or null.</param>
internal sealed class PublicAddress(string? configured)
{
    private const int MaxPrefix = 256;

    private readonly string? _configured = configured?.TrimEnd('/');

    /// <summary>The base URL, without a slash at the end.</summary>
    public string Of(RequestEnvelope request)
    {
        if (_configured is not null) return _configured;
        var prefix = request.Path[..^request.PathBelowPrefix.Length].TrimEnd('/');
        return $"{request.Scheme}://{request.Host}{ForwardedPrefix(request)}{prefix}";
    }

    /// <summary>What a trusted proxy has taken away from the beginning of the path.</summary>
    private static string ForwardedPrefix(RequestEnvelope request)
    {
        if (!request.ComesFromTrustedProxy || request.Headers["x-forwarded-prefix"] is not { } prefix) return "";
        prefix = prefix.Trim().TrimEnd('/');
        var isPath = prefix.Length is > 0 and <= MaxPrefix && prefix[0] == '/' && !prefix.StartsWith("//", StringComparison.Ordinal)
            && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~');
        return isPath ? prefix : "";
    }
}
