using System.Net.Security;
using Harmony.Core.Configuration;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Cli.Remote;

/// <summary>Where a gateway's management API is, and what opens it.</summary>
/// <param name="Base">Its base URL, with a slash at the end.</param>
/// <param name="Token">The admin token; null where none is known.</param>
internal sealed record ManagementAddress(Uri Base, string? Token)
{
    private const string DefaultPath = "/admin/";

    /// <summary>The authorities to trust and the certificate to show; null for the system's authorities and no certificate.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Finds it.</summary>
    /// <param name="url">What the user says; null to ask the configuration.</param>
    /// <param name="tokenFile">The file of the token; null to ask the configuration.</param>
    /// <param name="configFile">The main file.</param>
    /// <exception cref="RemoteException">It cannot be found.</exception>
    public static ManagementAddress Find(string? url, string? tokenFile, string configFile)
    {
        var problems = new ConfigProblems();
        var config = new ConfigLoader(problems, Environment.GetEnvironmentVariable).Load(configFile);
        return new ManagementAddress(url is null ? Of(config, configFile, problems) : Of(url), TokenOf(tokenFile, config));
    }

    /// <summary>Whether a configuration has a management API.</summary>
    /// <param name="configFile">The main file.</param>
    public static bool IsIn(string configFile) => new ConfigLoader([], Environment.GetEnvironmentVariable).Load(configFile).Management.Enabled;

    /// <summary>Never the token.</summary>
    public override string ToString() => Base.ToString();

    private static Uri Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length > 0)
        {
            throw new RemoteException($"'{ShownOptions.Text(url)}' is no URL such as http://127.0.0.1:9090");
        }

        var path = parsed.AbsolutePath.TrimEnd('/');
        return new Uri(parsed, path.Length == 0 ? DefaultPath : path + "/");
    }

    private static Uri Of(ConfigSet config, string configFile, ConfigProblems problems)
    {
        if (problems.FirstOrDefault(p => p.Severity == ConfigSeverity.Error && config.Files.Count == 0) is { } unreadable)
            throw new RemoteException(unreadable.ToString());
        var management = config.Management;
        if (!management.Enabled) throw new RemoteException($"{configFile}: [management] is not enabled; name the API of the gateway with --url URL");
        var name = management.Network ?? ManagementTables.Name;
        if (config.Networks.Find(name, config.MainFile)?.Section.TcpConfig is not { } tcp)
        {
            throw new RemoteException($"{configFile}: network '{name}' has no tcp_config; name the API of the gateway with --url URL");
        }

        var host = tcp.BindAddress switch
        {
            "0.0.0.0" => "127.0.0.1",
            "::" or "[::]" => "[::1]",
            var address when address.Contains(':') => $"[{address.Trim('[', ']')}]",
            var address => address,
        };
        var path = management.BasePath.Trim('/');
        return new Uri($"{(tcp.HasTls ? "https" : "http")}://{host}:{tcp.BindPort}/{(path.Length == 0 ? "" : path + "/")}");
    }

    private static string? TokenOf(string? tokenFile, ConfigSet config)
    {
        try
        {
            if (tokenFile is null) return AdminToken.Read(config);
            var token = File.ReadAllText(tokenFile).Trim();
            // Anything else would not fit into a field; it may be the key of a certificate, so it is not quoted.
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
                ? token
                : throw new RemoteException($"'{tokenFile}' contains no token; a token is a single word");
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            // A user who may not read the token may not use it; the gateway says so if it matters.
            return tokenFile is null ? null : throw new RemoteException($"cannot read the token in '{tokenFile}': {Readable.Reason(e)}");
        }
    }
}
