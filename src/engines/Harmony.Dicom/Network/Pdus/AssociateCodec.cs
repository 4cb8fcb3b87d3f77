namespace Harmony.Dicom.Network.Pdus;

/// <summary>A-ASSOCIATE-RQ and A-ASSOCIATE-AC: PS3.8 §9.3.2, §9.3.3.</summary>
internal static class AssociateCodec
{
    private const int ReservedLength = 32;

    public static void Write(ItemWriter writer, AssociateRequestPdu pdu)
    {
        WriteHead(writer, pdu.ProtocolVersion, pdu.CalledAeTitle, pdu.CallingAeTitle, pdu.ApplicationContext);
        foreach (var context in pdu.PresentationContexts)
        {
            writer.Item(ItemType.ContextProposal, item =>
            {
                item.Bytes([context.Id, 0, 0, 0]);
                item.TextItem(ItemType.AbstractSyntax, context.AbstractSyntax);
                foreach (var syntax in context.TransferSyntaxes) item.TextItem(ItemType.TransferSyntax, syntax);
            });
        }

        writer.Item(ItemType.UserInformation, item => UserInformationCodec.Write(item, pdu.UserInformation));
    }

    public static void Write(ItemWriter writer, AssociateAcceptPdu pdu)
    {
        WriteHead(writer, pdu.ProtocolVersion, pdu.CalledAeTitle, pdu.CallingAeTitle, pdu.ApplicationContext);
        foreach (var context in pdu.PresentationContexts)
        {
            writer.Item(ItemType.ContextResult, item =>
            {
                item.Bytes([context.Id, 0, (byte)context.Result, 0]);
                item.TextItem(ItemType.TransferSyntax, context.TransferSyntax);
            });
        }

        writer.Item(ItemType.UserInformation, item => UserInformationCodec.Write(item, pdu.UserInformation));
    }

    public static AssociateRequestPdu ReadRequest(ItemReader reader)
    {
        var (version, called, calling) = ReadHead(ref reader);
        var items = ReadItems(ref reader, ItemType.ContextProposal, ReadProposal);
        return new AssociateRequestPdu
        {
            ProtocolVersion = version,
            CalledAeTitle = called,
            CallingAeTitle = calling,
            ApplicationContext = items.ApplicationContext ?? throw ItemReader.Invalid("there is no application context"),
            PresentationContexts = items.Contexts,
            UserInformation = items.UserInformation,
        };
    }

    public static AssociateAcceptPdu ReadAccept(ItemReader reader)
    {
        var (version, called, calling) = ReadHead(ref reader);
        var items = ReadItems(ref reader, ItemType.ContextResult, ReadResult);
        return new AssociateAcceptPdu
        {
            ProtocolVersion = version,
            CalledAeTitle = called,
            CallingAeTitle = calling,
            ApplicationContext = items.ApplicationContext ?? "",
            PresentationContexts = items.Contexts,
            UserInformation = items.UserInformation,
        };
    }

    /// <summary>What follows the head; of an item that must come once, the last counts.</summary>
    private static AssociateItems<TContext> ReadItems<TContext>(ref ItemReader reader, byte contextType, ContextReader<TContext> readContext)
    {
        string? applicationContext = null;
        var userInformation = new UserInformation();
        var contexts = new List<TContext>();
        while (reader.TryReadItem(out var type, out var item))
        {
            if (type == ItemType.ApplicationContext)
            {
                applicationContext = item.Uid();
            }
            else if (type == ItemType.UserInformation)
            {
                userInformation = UserInformationCodec.Read(ref item);
            }
            else if (type == contextType)
            {
                Count(contexts, reader.Limits);
                contexts.Add(readContext(ref item));
            }

            reader.CountItemsOf(item);
        }

        return new AssociateItems<TContext>(applicationContext, contexts, userInformation);
    }

    private static void WriteHead(ItemWriter writer, ushort version, string called, string calling, string applicationContext)
    {
        writer.UInt16(version);
        writer.UInt16(0);
        writer.AeTitle(called);
        writer.AeTitle(calling);
        writer.Bytes(new byte[ReservedLength]);
        writer.TextItem(ItemType.ApplicationContext, applicationContext);
    }

    private static (ushort Version, string Called, string Calling) ReadHead(ref ItemReader reader)
    {
        var version = reader.UInt16();
        reader.Skip(2);
        var called = reader.AeTitle();
        var calling = reader.AeTitle();
        reader.Skip(ReservedLength);
        return (version, called, calling);
    }

    private static ContextProposalItem ReadProposal(ref ItemReader reader)
    {
        var id = reader.Byte();
        reader.Skip(3);
        string? abstractSyntax = null;
        var transferSyntaxes = new List<string>();
        while (reader.TryReadItem(out var type, out var item))
        {
            if (type == ItemType.AbstractSyntax) abstractSyntax = item.Uid();
            else if (type == ItemType.TransferSyntax) transferSyntaxes.Add(item.Uid());
        }

        if (id % 2 == 0) throw ItemReader.Invalid("the number of a presentation context is even");
        if (abstractSyntax is null || transferSyntaxes.Count == 0) throw ItemReader.Invalid("a presentation context has no abstract or no transfer syntax");
        return new ContextProposalItem(id, abstractSyntax, transferSyntaxes);
    }

    private static ContextResultItem ReadResult(ref ItemReader reader)
    {
        var id = reader.Byte();
        reader.Skip(1);
        var result = (ContextResult)reader.Byte();
        reader.Skip(1);
        var syntax = "";
        while (reader.TryReadItem(out var type, out var item))
        {
            // Of a context that was not accepted it is not significant and shall not be tested: PS3.8 table 9-18.
            if (type == ItemType.TransferSyntax && result == ContextResult.Accepted) syntax = item.OptionalUid();
        }

        if (result == ContextResult.Accepted && syntax.Length == 0) throw ItemReader.Invalid("an accepted presentation context has no transfer syntax");
        return new ContextResultItem(id, result, syntax);
    }

    private static void Count<T>(List<T> contexts, PduLimits limits)
    {
        if (contexts.Count >= limits.MaxPresentationContexts)
            throw ItemReader.Invalid($"there are more than {limits.MaxPresentationContexts} presentation contexts");
    }

    private delegate TContext ContextReader<out TContext>(ref ItemReader reader);

    private sealed record AssociateItems<TContext>(string? ApplicationContext, IReadOnlyList<TContext> Contexts, UserInformation UserInformation);
}

/// <summary>A presentation context item of a request (20H): PS3.8 §9.3.2.2.</summary>
/// <param name="Id">Odd, 1 to 255.</param>
/// <param name="AbstractSyntax">UID of a SOP class.</param>
/// <param name="TransferSyntaxes">UIDs, the best first.</param>
public sealed record ContextProposalItem(byte Id, string AbstractSyntax, IReadOnlyList<string> TransferSyntaxes);

/// <summary>A presentation context item of an acceptance (21H): PS3.8 §9.3.3.2.</summary>
/// <param name="Id">That of the proposal.</param>
/// <param name="Result">Whether it was accepted.</param>
/// <param name="TransferSyntax">UID of the one that was chosen; means nothing if the context was not accepted.</param>
public sealed record ContextResultItem(byte Id, ContextResult Result, string TransferSyntax);

/// <summary>Whether a presentation context was accepted: PS3.8 table 9-18.</summary>
public enum ContextResult : byte
{
    /// <summary>Accepted.</summary>
    Accepted = 0,

    /// <summary>Rejected by the user.</summary>
    UserRejection = 1,

    /// <summary>Rejected by the provider, for no reason.</summary>
    NoReason = 2,

    /// <summary>The SOP class is not supported.</summary>
    AbstractSyntaxNotSupported = 3,

    /// <summary>None of the transfer syntaxes is supported.</summary>
    TransferSyntaxesNotSupported = 4,
}

/// <summary>Titles of application entities: PS3.5 §6.2, AE.</summary>
public static class AeTitles
{
    /// <summary>The most characters of a title.</summary>
    public const int MaxLength = 16;

    /// <summary>Whether this is a title: 1 to 16 printable characters of ASCII, no backslash, not blank.</summary>
    public static bool IsValid(ReadOnlySpan<char> title) => title.Length is > 0 and <= MaxLength && !title.IsWhiteSpace() && HasValidCharacters(title);

    /// <summary>Whether all characters are such as titles have.</summary>
    internal static bool HasValidCharacters(ReadOnlySpan<char> title) => !title.ContainsAnyExceptInRange(' ', '~') && !title.Contains('\\');
}
