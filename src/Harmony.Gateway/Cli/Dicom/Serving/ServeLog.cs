using System.Net;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;

namespace Harmony.Gateway.Cli.Dicom.Serving;

/// <summary>A line for each operation, so that one sees what the other side does.</summary>
/// <param name="output">Where it goes.</param>
internal sealed class ServeLog(TextWriter output) : IAssociationObserver
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public void Rejected(string callingAeTitle, string calledAeTitle, EndPoint? remote, AssociationRejection rejection)
        => Write($"rejected '{callingAeTitle}', who called '{calledAeTitle}': {rejection}");

    public void Completed(AssociationInfo association, DimseRequest request, DimseResult result, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(association);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(result);
        Write($"{association.CallingAeTitle} {NameOf(request)}: {result.Status} ({elapsed.TotalMilliseconds:0} ms)");
    }

    public void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Write($"failed: {exception.Message}");
    }

    private static string NameOf(DimseRequest request) => request switch
    {
        CEchoRequest => "C-ECHO",
        CStoreRequest => "C-STORE",
        CFindRequest => "C-FIND",
        CGetRequest => "C-GET",
        CMoveRequest => "C-MOVE",
        _ => request.Field.ToString(),
    };

    /// <summary>What peers call themselves must not steer the terminal.</summary>
    private void Write(string line)
    {
        _output.WriteLine(string.Concat(line.Select(c => char.IsControl(c) ? '·' : c)));
        _output.Flush();
    }
}
