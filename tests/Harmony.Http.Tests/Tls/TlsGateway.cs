using System.Security.Cryptography.X509Certificates;
using Harmony.Testing;

namespace Harmony.Http.Tests.Tls;

/// <summary>A gateway whose only network speaks TLS and leads to an echo.</summary>
internal static class TlsGateway
{
    /// <summary>Starts one.</summary>
    /// <param name="tcp">Keys of <c>[network.main.tcp_config]</c>.</param>
    /// <param name="files">Certificates and keys, by name.</param>
    /// <param name="clock">Tells the time.</param>
    public static Task<TestGateway> StartAsync(string tcp, IReadOnlyDictionary<string, string> files, TimeProvider? clock = null)
        => TestGateway.StartAsync($"{new OnePipeline("echo") { Tcp = tcp }.ToToml()}\n[backends.echo]\nservice = \"echo\"\n", files, clock);

    /// <summary>Certificate and key as <c>NAME.pem</c> and <c>NAME.key</c>.</summary>
    public static Dictionary<string, string> Files(params (string Name, X509Certificate2 Certificate)[] all)
    {
        var files = new Dictionary<string, string>();
        foreach (var (name, certificate) in all)
        {
            files[name + ".pem"] = certificate.ExportCertificatePem();
            files[name + ".key"] = TestAuthority.KeyOf(certificate);
        }

        return files;
    }
}
