namespace Harmony.Core.Building;

/// <summary>A file does not hold the certificate or key it should. The message names it and what was expected, one sentence.</summary>
public sealed class CertificateException(PemFile file, string message) : Exception(message)
{
    /// <summary>The file to mend.</summary>
    public PemFile File { get; } = file;
}
