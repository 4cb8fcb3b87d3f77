using Harmony.Core.Faults;
using Harmony.Core.Storage;

namespace Harmony.Data.Services.Storage;

/// <summary>Where an object is, for others who can reach the backend: <c>disk://BACKEND/P-1/1.2.3.dcm</c>, percent-encoded like the path of a URL.</summary>
internal static class DiskLocation
{
    private const string Scheme = "disk://";

    /// <summary>The location of an object.</summary>
    public static string Of(string backend, ObjectName name) => $"{Scheme}{Uri.EscapeDataString(backend)}/{Encoded(name)}";

    /// <summary>A name as the path of a URL.</summary>
    public static string Encoded(ObjectName name) => string.Join('/', name.Segments.Select(Uri.EscapeDataString));

    /// <summary>The path within a location; a value that is none stays as it is.</summary>
    /// <param name="value">The value of a placeholder.</param>
    /// <param name="backend">The backend that is asked.</param>
    /// <exception cref="GatewayException">The location is one of another backend.</exception>
    public static string PathOf(string value, string backend)
    {
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return value;
        var slash = value.IndexOf('/', Scheme.Length);
        var named = Uri.UnescapeDataString(slash < 0 ? value[Scheme.Length..] : value[Scheme.Length..slash]);
        if (named == backend) return slash < 0 ? "" : value[(slash + 1)..];
        throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the location names the backend '{named}', but the request went to '{backend}'");
    }
}
