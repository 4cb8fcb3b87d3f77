using System.Text.Json;
using Harmony.Core.Faults;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>What an answer says of itself.</summary>
internal static class AnswerSuccess
{
    /// <summary>Takes <c>{success: false, error}</c> for what it says, whatever the status.</summary>
    /// <exception cref="GatewayException">It says that the operation failed.</exception>
    public static void Check(IReadOnlyDictionary<string, JsonElement> members)
    {
        if (members.TryGetValue("success", out var success) && success.ValueKind == JsonValueKind.False)
        {
            throw new GatewayException(FaultSource.Backend, FaultKind.Internal, "the backend says that the operation failed");
        }
    }
}
