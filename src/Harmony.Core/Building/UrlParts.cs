using Harmony.Core.Configuration;

namespace Harmony.Core.Building;

/// <summary>Takes a target's URL apart, so that a backend can put its own port or base path over it.</summary>
internal static class UrlParts
{
    /// <summary>The URL as connection settings; null when it is none that has such parts alone, for the service to complain about.</summary>
    public static ConnectionSection? Of(string url, RemoteSystemSection target)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        if (uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0) return null;
        return new ConnectionSection
        {
            Host = uri.Host,
            Port = uri.IsDefaultPort ? null : uri.Port,
            Protocol = uri.Scheme,
            BasePath = uri.AbsolutePath == "/" ? null : uri.AbsolutePath,
            Location = target.LocationOf("url"),
        };
    }
}
