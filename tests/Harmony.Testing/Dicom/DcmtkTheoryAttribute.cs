using Harmony.Testing.Requirements;

namespace Harmony.Testing.Dicom;

/// <summary>A theory about the programs of DCMTK and others beside them, skipped where they are not installed.</summary>
/// <param name="others">Further programs that it needs.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DcmtkTheoryAttribute(params string[] others) : PeerTheoryAttribute([DcmtkPeer.Program, .. others])
{
    /// <summary>Further programs that it needs.</summary>
    public IReadOnlyList<string> Others { get; } = others;
}
