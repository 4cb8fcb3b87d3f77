namespace Harmony.Dicom.Coding;

/// <summary>Warnings in words.</summary>
public static class DicomWarningKindExtensions
{
    /// <summary>What is wrong, in a few words.</summary>
    public static string Description(this DicomWarningKind kind) => kind switch
    {
        DicomWarningKind.OddLength => "odd length",
        DicomWarningKind.UnknownVr => "unknown VR, read as UN",
        DicomWarningKind.NonStandardVr => "no VR of the standard, read as the one that is meant",
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
