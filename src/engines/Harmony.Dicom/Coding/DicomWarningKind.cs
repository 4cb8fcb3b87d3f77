namespace Harmony.Dicom.Coding;

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
