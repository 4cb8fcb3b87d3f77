using Harmony.Http.Services.Targets;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>C-ECHO on an association that is made for it.</summary>
/// <param name="target">Whom to ask.</param>
internal sealed class EchoCheck(DicomTarget target) : IHealthCheck
{
    public async Task<string?> FindFaultAsync(CancellationToken ct)
    {
        await target.EchoAsync(ct);
        return null;
    }
}
