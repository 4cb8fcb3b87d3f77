using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>The command set of a message: PS3.7 §9.3, §10.3. Its data set, if it has one, comes after it.</summary>
public abstract record DimseMessage
{
    private protected DimseMessage()
    {
    }

    /// <summary>What it is.</summary>
    public abstract CommandField Field { get; }

    /// <summary>Whether a data set follows. When a message is sent, it is set by whether there is one.</summary>
    public bool HasDataSet { get; init; }

    /// <summary>Makes a message of a command set that was read.</summary>
    /// <exception cref="DicomFormatException">The command is unknown, or something is missing that it needs.</exception>
    public static DimseMessage Read(DicomDataSet commandSet)
    {
        ArgumentNullException.ThrowIfNull(commandSet);
        var command = new CommandReader(commandSet);
        return (CommandField)command.UInt16(DicomTag.CommandField) switch
        {
            CommandField.CStoreRequest => CStoreRequest.Read(command),
            CommandField.CStoreResponse => CStoreResponse.Read(command),
            CommandField.CGetRequest => CGetRequest.Read(command),
            CommandField.CGetResponse => CGetResponse.Read(command),
            CommandField.CFindRequest => CFindRequest.Read(command),
            CommandField.CFindResponse => CFindResponse.Read(command),
            CommandField.CMoveRequest => CMoveRequest.Read(command),
            CommandField.CMoveResponse => CMoveResponse.Read(command),
            CommandField.CEchoRequest => CEchoRequest.Read(command),
            CommandField.CEchoResponse => CEchoResponse.Read(command),
            CommandField.NEventReportRequest => NEventReportRequest.Read(command),
            CommandField.NEventReportResponse => NEventReportResponse.Read(command),
            CommandField.NGetRequest => NGetRequest.Read(command),
            CommandField.NGetResponse => NGetResponse.Read(command),
            CommandField.NSetRequest => NSetRequest.Read(command),
            CommandField.NSetResponse => NSetResponse.Read(command),
            CommandField.NActionRequest => NActionRequest.Read(command),
            CommandField.NActionResponse => NActionResponse.Read(command),
            CommandField.NCreateRequest => NCreateRequest.Read(command),
            CommandField.NCreateResponse => NCreateResponse.Read(command),
            CommandField.NDeleteRequest => NDeleteRequest.Read(command),
            CommandField.NDeleteResponse => NDeleteResponse.Read(command),
            CommandField.CCancelRequest => CCancelRequest.Read(command),
            var unknown => throw new DicomFormatException($"there is no command {(ushort)unknown:X4}"),
        };
    }

    /// <summary>The command set, in implicit VR little endian, with its group length.</summary>
    public byte[] ToBytes()
    {
        var command = new CommandWriter();
        command.UInt16(DicomTag.CommandField, (ushort)Field);
        command.UInt16(DicomTag.CommandDataSetType, HasDataSet ? (ushort)0x0001 : CommandReader.NoDataSet);
        Write(command);
        return command.ToBytes();
    }

    /// <summary>Adds the elements that this kind of message has.</summary>
    private protected abstract void Write(CommandWriter command);
}
