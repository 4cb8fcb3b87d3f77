using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network;

/// <summary>Tells SOP classes by what is done with them.</summary>
public static class SopClasses
{
    private const string StandardRoot = "1.2.840.10008.";

    /// <summary>Whether objects of this class are stored by C-STORE. Of classes that the standard does not have that is assumed.</summary>
    public static bool IsStorage(string uid)
    {
        ArgumentNullException.ThrowIfNull(uid);
        if (Uid.Keyword(uid) is not { } keyword)
            return !uid.StartsWith(StandardRoot, StringComparison.Ordinal) || uid.StartsWith("1.2.840.10008.5.1.4.1.1.", StringComparison.Ordinal);
        return keyword.Contains("Storage", StringComparison.Ordinal) && !keyword.StartsWith("StorageCommitment", StringComparison.Ordinal)
            && !keyword.StartsWith("MediaStorage", StringComparison.Ordinal);
    }

    /// <summary>Whether it is for C-FIND.</summary>
    public static bool IsFind(string uid) => Is(uid, "FIND");

    /// <summary>Whether it is for C-MOVE.</summary>
    public static bool IsMove(string uid) => Is(uid, "MOVE");

    /// <summary>Whether it is for C-GET.</summary>
    public static bool IsGet(string uid) => Is(uid, "GET");

    /// <summary>Whether it is one of the query/retrieve information models, whose identifiers have a level: PS3.4 §C.</summary>
    public static bool IsQueryRetrieve(string uid)
        => Uid.Keyword(uid) is { } keyword && keyword.Contains("QueryRetrieveInformationModel", StringComparison.Ordinal);

    private static bool Is(string uid, string service) => Uid.Keyword(uid)?.Contains(service, StringComparison.Ordinal) == true;
}
