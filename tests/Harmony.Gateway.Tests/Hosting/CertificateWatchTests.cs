using Harmony.Core.Configuration;
using Harmony.Gateway.Hosting;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>Nobody is surprised by the end of a certificate.</summary>
public sealed class CertificateWatchTests
{
    [Fact]
    public async Task FromThirtyDaysOn_ThereIsALineADay_AndAnErrorAfterTheEnd()
    {
        using var folder = new TestFolder();
        var (config, ends) = Configuration(folder, "");
        var clock = new TestTimeProvider();
        clock.Advance(ends - TimeSpan.FromDays(32) - clock.GetUtcNow());
        using var log = new RecordingLogger();
        await using var watch = new CertificateWatch(() => config, clock, log.CreateLogger("harmony"));
        while (!log.Has(1009)) await clock.AdvanceToTimerAsync(TimeSpan.FromDays(1));
        var lines = log.Lines.Where(l => l.EventId == 1008).Select(l => l.Message).ToList();
        Assert.Equal(30, lines.Count);
        Assert.StartsWith("the certificate 'cert.pem' of [network.front.tcp_config] ends on ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("; days left: 29", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("; days left: 0", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void EveryCertificateOfAConfiguration_IsFound_WhateverItIsFor()
    {
        using var folder = new TestFolder();
        var (config, _) = Configuration(folder, """
            certificates = [{ cert_path = "cert.pem", key_path = "key.pem" }, { cert_path = "none.pem", key_path = "key.pem" }]
            [backends.b]
            service = "http"
            options.client_cert_path = "cert.pem"
            """);
        Assert.Equal(
            ["network.front.tcp_config", "network.front.tcp_config.certificates", "backends.b.options"],
            ServedCertificates.Of(config).Select(c => c.UsedBy));
    }

    /// <summary>Metrics ask every few seconds: a file counts as it was read until its time or length is another.</summary>
    [Fact]
    public void File_IsReadAgain_WhenItHasChanged_AndOnlyThen()
    {
        using var folder = new TestFolder();
        var (config, ends) = Configuration(folder, "");
        var file = folder.PathOf("cert.pem");
        var (text, written) = (File.ReadAllText(file), File.GetLastWriteTimeUtc(file));
        File.WriteAllText(file, new string('x', text.Length));
        File.SetLastWriteTimeUtc(file, written);
        Assert.Equal(ends, Assert.Single(ServedCertificates.Of(config)).NotAfter);

        File.SetLastWriteTimeUtc(file, written.AddSeconds(1));
        Assert.Empty(ServedCertificates.Of(config));

        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, written.AddSeconds(2));
        Assert.Equal(ends, Assert.Single(ServedCertificates.Of(config)).NotAfter);
    }

    private static (ConfigSet Config, DateTimeOffset Ends) Configuration(TestFolder folder, string more)
    {
        TestCertificate.Write(folder.PathOf("cert.pem"), folder.PathOf("key.pem"));
        folder.Write("config.toml", """
            [proxy]
            name = "c"
            [network.front.tcp_config]
            bind_port = 1
            cert_path = "cert.pem"
            key_path = "key.pem"

            """ + more);
        var config = new ConfigLoader([], _ => null).Load(folder.PathOf("config.toml"));
        return (config, ServedCertificates.Of(config)[0].NotAfter);
    }
}
