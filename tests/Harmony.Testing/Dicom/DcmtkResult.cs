namespace Harmony.Testing.Dicom;

/// <summary>What a program of DCMTK's said.</summary>
/// <param name="ExitCode">0 if it thinks that all went well.</param>
/// <param name="Output">All it wrote.</param>
public sealed record DcmtkResult(int ExitCode, string Output)
{
    /// <summary>The same, for programs that have to succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public DcmtkResult Succeeded() => ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode}: {Output}");
}
