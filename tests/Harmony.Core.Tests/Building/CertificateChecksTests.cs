using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Building;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Tests.Fakes;
using Harmony.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Core.Tests.Building;

public sealed class CertificateChecksTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FixedClock _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_CertificateAndKey_HasThePrivateKey()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        using var certificate = Certificates.Load(In("cert.pem"), In("key.pem"));
        Assert.True(certificate.HasPrivateKey);
    }

    [Theory]
    [InlineData("pkcs8")]
    [InlineData("pkcs1")]
    public void Check_RsaKeyInEitherForm_IsGood(string form)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        File.WriteAllText(In("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(In("key.pem"), form == "pkcs8" ? key.ExportPkcs8PrivateKeyPem() : key.ExportRSAPrivateKeyPem());
        Assert.Empty(Check());
    }

    /// <summary>OpenSSL refuses such keys in the handshake, so that no client would get in.</summary>
    [Fact]
    public void Check_ShortRsaKey_IsAnError()
    {
        using var key = RSA.Create(1024);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        File.WriteAllText(In("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(In("key.pem"), key.ExportPkcs8PrivateKeyPem());
        var problem = Check().Single();
        Assert.Equal((ConfigSeverity.Error, "the certificate 'cert.pem' has an RSA key of 1024 bits; 2048 is the least, with which TLS makes no connection"),
            (problem.Severity, problem.Message));
    }

    /// <summary>Of RFC 8410 §10.3.</summary>
    [Fact]
    public void Check_KeyOfEd25519_IsNamed()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        File.WriteAllText(
            In("key.pem"), "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n");
        Assert.StartsWith("'key.pem' holds a key of Ed25519 or Ed448, which .NET does not speak in TLS", Check().Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckAuthorities_OfACertificateThatIsNone_Warns()
    {
        var (authority, leaf) = Issue();
        File.WriteAllText(In("ca.pem"), $"{authority}\n{leaf}");
        var problems = new ConfigProblems();
        var environment = new BuildEnvironment(new ConfigSet("config.toml", _folder.Path, [], []), NullLoggerFactory.Instance, TimeProvider.System);
        new CertificateChecks(environment, problems, problems.Error).CheckAuthorities("ca.pem", SourceLocation.None);
        Assert.Contains(problems, p => p.Message.StartsWith("'CN=leaf' in 'ca.pem' is not a CA certificate", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Message.Contains("CN=clinic", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_EcKeyWithParameters_IsGood()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(In("key.pem")));
        // As 'openssl ecparam -genkey' writes it: the curve in a block of its own, then SEC 1.
        File.WriteAllText(In("key.pem"), $"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{key.ExportECPrivateKeyPem()}\n");
        Assert.Empty(Check());
    }

    [Fact]
    public void Check_EncryptedKey_SaysSo()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        using var key = ECDsa.Create();
        File.WriteAllText(
            In("key.pem"), key.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Assert.Contains("'key.pem' holds a private key that is encrypted", Check().Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Expired_IsAnError()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        _clock.Now += TimeSpan.FromDays(400);
        var problem = Check().Single();
        Assert.Equal(ConfigSeverity.Error, problem.Severity);
        Assert.Contains("expired on", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ExpiresSoon_IsAWarning()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        _clock.Now += TimeSpan.FromDays(340);
        var problem = Check().Single();
        Assert.Equal(ConfigSeverity.Warning, problem.Severity);
        Assert.Contains("expires on", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoHostName_IsAWarningWhereNamesChoose()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        Assert.Empty(Check());
        Assert.Equal("the certificate 'cert.pem' names no host, so it is never used", Check(isChosenByName: true).Single().Message);
    }

    [Fact]
    public void Check_NotValidYet_IsAWarning()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        _clock.Now -= TimeSpan.FromDays(30);
        Assert.Contains("is valid from", Check().Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CertificateInDer_IsNoPem()
    {
        TestCertificate.Write(In("cert.pem"), In("key.pem"));
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(In("cert.pem"));
        File.WriteAllBytes(In("cert.pem"), certificate.RawData);
        Assert.Equal("'cert.pem' contains no PEM certificate", Check().Single().Message);
    }

    /// <summary>An authority, and a certificate that it has issued.</summary>
    private static (string Authority, string Leaf) Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=clinic", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        using var leaf = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256).Create(authority, now.AddDays(-1), now.AddDays(100), [1]);
        return (authority.ExportCertificatePem(), leaf.ExportCertificatePem());
    }

    private ConfigProblems Check(bool isChosenByName = false)
    {
        var problems = new ConfigProblems();
        var environment = new BuildEnvironment(new ConfigSet("config.toml", _folder.Path, [], []), NullLoggerFactory.Instance, _clock);
        new CertificateChecks(environment, problems, problems.Error).Check(new TcpConfigSection(), "cert.pem", "key.pem", isChosenByName);
        return problems;
    }

    private string In(string name) => _folder.PathOf(name);
}
