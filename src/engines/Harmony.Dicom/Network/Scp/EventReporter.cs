using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Sessions;

namespace Harmony.Dicom.Network.Scp;

/// <summary>Reports by N-EVENT-REPORT on the association, and in the context, by which something was asked for: PS3.7 §10.1.1.</summary>
public sealed class EventReporter
{
    private readonly DimseSession _session;
    private readonly PresentationContext _context;

    internal EventReporter(DimseSession session, PresentationContext context) => (_session, _context) = (session, context);

    /// <summary>Whether the association is still there.</summary>
    public bool IsOpen => _session.IsEstablished;

    /// <summary>Reports, and waits for the answer.</summary>
    /// <exception cref="AssociationEndedException">The association has ended.</exception>
    /// <exception cref="AssociationTimeoutException">The peer has not answered.</exception>
    public async Task<DimseResult> ReportAsync(NEventReportRequest request, DicomDataSet information, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(information);
        using var invocation = await _session.InvokeAsync(
            _context, request, (to, stopped) => DicomWriter.WriteAsync(to, information, _context.TransferSyntax, null, stopped), ct);
        return (await invocation.NextAsync(ct)).Response.Result;
    }
}
