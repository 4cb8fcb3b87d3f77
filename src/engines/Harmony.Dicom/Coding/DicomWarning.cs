using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Something in the data breaks the standard and was understood nevertheless.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Tag">The element, or the last before.</param>
/// <param name="Position">Where, in bytes from the beginning.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomWarning(DicomWarningKind Kind, DicomTag Tag, long Position)
{
    /// <summary>E.g. <c>byte 1234, (0010,0010): odd length</c>.</summary>
    public override string ToString() => $"byte {Position}, {Tag}: {Kind.Description()}";
}

/// <summary>What devices get wrong and readers live with.</summary>
public enum DicomWarningKind
{
    /// <summary>A value has an odd number of bytes.</summary>
    OddLength,

    /// <summary>Two letters that are no VR stand where one belongs; the element was read as UN.</summary>
    UnknownVr,

    /// <summary>A VR in lower case letters, or one that only programs use inside (<c>ox</c>); it was read as the one that is meant.</summary>
    NonStandardVr,

    /// <summary>An element without VR among others with one; it was read as implicit VR.</summary>
    MissingVr,

    /// <summary>A VR that is never of undefined length has it; the element was read as a sequence.</summary>
    UndefinedLength,

    /// <summary>Elements are not in the order of their tags; they were sorted.</summary>
    OutOfOrder,

    /// <summary>A tag stands there twice; the first was kept.</summary>
    Duplicate,

    /// <summary>The delimiter of an item or a sequence is missing.</summary>
    MissingDelimiter,

    /// <summary>The length of an item or a sequence does not fit what is in it, which was believed.</summary>
    WrongLength,

    /// <summary>A delimiter stands where none belongs; it was passed over.</summary>
    StrayDelimiter,

    /// <summary>An item stands where an element belongs, without its sequence; it was passed over with all that is in it.</summary>
    StrayItem,

    /// <summary>The value of a sequence does not begin with an item; it was read as UN.</summary>
    NotASequence,

    /// <summary>An item has explicit VR within a sequence or a data set of implicit VR; that was believed.</summary>
    ExplicitVrInside,

    /// <summary>Bytes follow the last element that are no element; they were left alone.</summary>
    TrailingBytes,

    /// <summary>(0008,0005) names a character set that the standard does not have.</summary>
    UnknownCharacterSet,

    /// <summary>A file does not begin with a preamble and <c>DICM</c>.</summary>
    MissingPreamble,

    /// <summary>A file has no file meta information; the transfer syntax was guessed.</summary>
    MissingMetaInformation,

    /// <summary>The group length of the file meta information is missing or wrong.</summary>
    WrongGroupLength,

    /// <summary>The data set is not encoded as the transfer syntax says; what it looks like was believed.</summary>
    WrongTransferSyntax,
}

/// <summary>Warnings in words.</summary>
public static class DicomWarningKindExtensions
{
    /// <summary>What is wrong, in a few words.</summary>
    public static string Description(this DicomWarningKind kind) => kind switch
    {
        DicomWarningKind.OddLength => "odd length",
        DicomWarningKind.UnknownVr => "unknown VR, read as UN",
        DicomWarningKind.NonStandardVr => "not a standard VR; read as the VR that was probably meant",
        DicomWarningKind.MissingVr => "no VR, read as implicit VR",
        DicomWarningKind.UndefinedLength => "undefined length, read as a sequence",
        DicomWarningKind.OutOfOrder => "elements out of order",
        DicomWarningKind.Duplicate => "the same tag again, left out",
        DicomWarningKind.MissingDelimiter => "missing delimiter",
        DicomWarningKind.WrongLength => "an item or a sequence of a wrong length",
        DicomWarningKind.StrayDelimiter => "delimiter out of place",
        DicomWarningKind.StrayItem => "an item without its sequence, left out",
        DicomWarningKind.NotASequence => "no items where a sequence belongs, read as UN",
        DicomWarningKind.ExplicitVrInside => "explicit VR within implicit VR",
        DicomWarningKind.TrailingBytes => "bytes after the last element",
        DicomWarningKind.UnknownCharacterSet => "unknown character set",
        DicomWarningKind.MissingPreamble => "no preamble",
        DicomWarningKind.MissingMetaInformation => "no file meta information, transfer syntax guessed",
        DicomWarningKind.WrongGroupLength => "wrong or missing group length",
        DicomWarningKind.WrongTransferSyntax => "not encoded as the transfer syntax says",
        _ => kind.ToString(),
    };
}

/// <summary>The first warnings. The rest are not kept: there may be one for every element.</summary>
internal sealed class WarningList
{
    private const int Max = 100;
    private readonly List<DicomWarning> _warnings = [];

    public IReadOnlyList<DicomWarning> Warnings => _warnings;

    public void Add(DicomWarningKind kind, DicomTag tag, long position)
    {
        if (_warnings.Count < Max) _warnings.Add(new DicomWarning(kind, tag, position));
    }
}
