using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>How many C-STORE sub-operations of a C-GET or C-MOVE there are: PS3.7 tables 9.1-3, 9.1-4.</summary>
/// <param name="Remaining">Not done yet; null in final responses, except after a cancellation.</param>
/// <param name="Completed">Done.</param>
/// <param name="Failed">Failed.</param>
/// <param name="Warning">Done with a warning.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SubOperations(int? Remaining, int Completed, int Failed, int Warning)
{
    internal static SubOperations Read(CommandReader command) => new(
        command.OptionalUInt16(DicomTag.NumberOfRemainingSuboperations),
        command.OptionalUInt16(DicomTag.NumberOfCompletedSuboperations) ?? 0,
        command.OptionalUInt16(DicomTag.NumberOfFailedSuboperations) ?? 0,
        command.OptionalUInt16(DicomTag.NumberOfWarningSuboperations) ?? 0);

    internal void Write(CommandWriter command)
    {
        command.UInt16(DicomTag.NumberOfRemainingSuboperations, Remaining is { } remaining ? Capped(remaining) : null);
        command.UInt16(DicomTag.NumberOfCompletedSuboperations, Capped(Completed));
        command.UInt16(DicomTag.NumberOfFailedSuboperations, Capped(Failed));
        command.UInt16(DicomTag.NumberOfWarningSuboperations, Capped(Warning));
    }

    /// <summary>There is room for 16 bits.</summary>
    private static ushort Capped(int count) => (ushort)Math.Min(count, ushort.MaxValue);
}
