namespace Harmony.Http.Tls;

/// <summary>The PEM files of a certificate with its chain, and of its key, absolute.</summary>
public sealed record CertificateFiles(string CertPath, string KeyPath);
