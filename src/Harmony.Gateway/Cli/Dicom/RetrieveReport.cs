using System.CommandLine;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary>Tells how a retrieval went.</summary>
internal static class RetrieveReport
{
    /// <summary>Prints it.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="destination">Where objects went, in words.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="console">Where to print.</param>
    /// <returns>1 when not all objects went there.</returns>
    public static int Print(RetrieveResult result, string destination, bool json, InvocationConfiguration console)
    {
        var counts = result.SubOperations;
        var isDone = result.Result.Status.IsSuccess;
        var comment = result.Result.ErrorComment is { Length: > 0 } text ? $": {text}" : "";
        if (json)
        {
            console.Output.WriteLine(JsonOutput.Write(new
            {
                Success = isDone, Status = $"0x{result.Result.Status.Code:X4}", counts.Completed, counts.Failed, counts.Warning, Destination = destination,
                FailedInstances = result.FailedSopInstanceUids,
            }));
        }
        else
        {
            console.Output.WriteLine($"{counts.Completed + counts.Warning} objects to {destination}");
            foreach (var uid in result.FailedSopInstanceUids) console.Error.WriteLine($"failed: {uid}");
            if (!isDone) console.Error.WriteLine($"{counts.Failed} objects failed, status {result.Result.Status}{comment}");
        }

        return isDone ? 0 : 1;
    }
}
