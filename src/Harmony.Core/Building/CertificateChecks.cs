using System.Security.Cryptography.X509Certificates;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Finds out before start whether TLS will work with the files of a configuration.</summary>
/// <param name="environment">Where files are looked for, and what time it is.</param>
/// <param name="problems">Takes warnings.</param>
/// <param name="refuse">Takes what makes a file unusable.</param>
public sealed class CertificateChecks(BuildEnvironment environment, ConfigProblems problems, Action<SourceLocation, string> refuse)
{
    /// <summary>A certificate that ends within this many days needs to be replaced.</summary>
    public const int SoonDays = 30;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(SoonDays);

    /// <summary>Checks a table with <c>cert_path</c> and <c>key_path</c>.</summary>
    /// <param name="section">The table.</param>
    /// <param name="certPath">Its <c>cert_path</c>.</param>
    /// <param name="keyPath">Its <c>key_path</c>.</param>
    /// <param name="isChosenByName">Whether clients get it only when they ask for one of its names.</param>
    public void Check(ConfigNode section, string certPath, string keyPath, bool isChosenByName = false)
    {
        var (certFile, keyFile) = (Read(certPath, section.LocationOf("cert_path"), "certificate"), Read(keyPath, section.LocationOf("key_path"), "key"));
        if (certFile is null || keyFile is null) return;
        try
        {
            using var certificate = Certificates.Parse(certFile, keyFile);
            CheckValidity(certificate, certPath, section.LocationOf("cert_path"));
            if (CertificateStrength.IsSignedWeakly(certificate) && certificate.Subject != certificate.Issuer)
            {
                problems.Warning(section.LocationOf("cert_path"), $"the certificate '{certPath}' is signed with SHA-1 or an older hash; clients will refuse it");
            }

            if (isChosenByName && Certificates.HostNames(certificate).Count == 0)
            {
                problems.Warning(section.LocationOf("cert_path"), $"the certificate '{certPath}' names no host, so no client is shown it");
            }
        }
        catch (CertificateException e)
        {
            refuse(section.LocationOf(ReferenceEquals(e.File, keyFile) ? "key_path" : "cert_path"), e.Message);
        }
    }

    /// <summary>Checks a file of authorities.</summary>
    public void CheckAuthorities(string path, SourceLocation location)
    {
        if (Read(path, location, "certificate") is not { } file) return;
        try
        {
            foreach (var authority in Certificates.ParseAll(file))
            {
                CheckValidity(authority, path, location);
                if (!CertificateStrength.IsAuthority(authority))
                {
                    problems.Warning(location, $"'{authority.Subject}' in '{path}' is no certificate of an authority, so it vouches for nobody; name the authority that has issued it");
                }
            }
        }
        catch (CertificateException e)
        {
            refuse(location, e.Message);
        }
    }

    private PemFile? Read(string path, SourceLocation location, string what)
    {
        try
        {
            return new PemFile(path, BoundedFile.ReadText(environment.PathOf(path)));
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            refuse(location, $"cannot read the {what} '{path}': {Readable.Reason(e)}");
            return null;
        }
    }

    /// <summary>One that is not valid yet is a warning only: the clock of this machine may be what is wrong.</summary>
    private void CheckValidity(X509Certificate2 certificate, string path, SourceLocation location)
    {
        var now = environment.Clock.GetUtcNow().UtcDateTime;
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (until < now) refuse(location, $"the certificate '{path}' expired on {until:yyyy-MM-dd}");
        else if (from > now) problems.Warning(location, $"the certificate '{path}' is valid from {from:yyyy-MM-dd} only; clients will refuse it until then");
        else if (until - now < Soon) problems.Warning(location, $"the certificate '{path}' expires on {until:yyyy-MM-dd}");
    }
}
