namespace Harmony.Dicom.Network.Dimse;

/// <summary>A status, (0000,0900): PS3.7 annex C, PS3.4 for each service.</summary>
/// <param name="Code">The number.</param>
public readonly record struct DimseStatus(ushort Code)
{
    /// <summary>0000.</summary>
    public static DimseStatus Success { get; } = new(0x0000);

    /// <summary>FF00: more responses follow.</summary>
    public static DimseStatus Pending { get; } = new(0xFF00);

    /// <summary>FF01: more follow; optional keys were not all used for matching.</summary>
    public static DimseStatus PendingWithWarnings { get; } = new(0xFF01);

    /// <summary>FE00: the operation was cancelled, as asked.</summary>
    public static DimseStatus Cancel { get; } = new(0xFE00);

    /// <summary>B000: an element was changed; of retrievals: some sub-operations failed or gave warnings.</summary>
    public static DimseStatus CoercionOfDataElements { get; } = new(0xB000);

    /// <summary>B000: some sub-operations failed or gave warnings.</summary>
    public static DimseStatus SubOperationsWithFailures { get; } = new(0xB000);

    /// <summary>B006: elements were left out.</summary>
    public static DimseStatus ElementsDiscarded { get; } = new(0xB006);

    /// <summary>B007: the data set is not quite what its SOP class wants.</summary>
    public static DimseStatus DataSetDoesNotMatchSopClassWarning { get; } = new(0xB007);

    /// <summary>A700: out of resources, e.g. the disk is full.</summary>
    public static DimseStatus OutOfResources { get; } = new(0xA700);

    /// <summary>A701: out of resources, the number of matches cannot be found out.</summary>
    public static DimseStatus OutOfResourcesMatches { get; } = new(0xA701);

    /// <summary>A702: out of resources, sub-operations cannot be performed.</summary>
    public static DimseStatus OutOfResourcesSubOperations { get; } = new(0xA702);

    /// <summary>A801: the move destination is unknown.</summary>
    public static DimseStatus MoveDestinationUnknown { get; } = new(0xA801);

    /// <summary>A900: data set or identifier do not match the SOP class.</summary>
    public static DimseStatus DataSetDoesNotMatchSopClass { get; } = new(0xA900);

    /// <summary>C000: unable to process, or to understand.</summary>
    public static DimseStatus UnableToProcess { get; } = new(0xC000);

    /// <summary>0105: no such attribute.</summary>
    public static DimseStatus NoSuchAttribute { get; } = new(0x0105);

    /// <summary>0106: an attribute has a value that it cannot have.</summary>
    public static DimseStatus InvalidAttributeValue { get; } = new(0x0106);

    /// <summary>0110: processing failed.</summary>
    public static DimseStatus ProcessingFailure { get; } = new(0x0110);

    /// <summary>0111: there is such an instance.</summary>
    public static DimseStatus DuplicateSopInstance { get; } = new(0x0111);

    /// <summary>0112: there is no such instance.</summary>
    public static DimseStatus NoSuchSopInstance { get; } = new(0x0112);

    /// <summary>0113: there is no such event.</summary>
    public static DimseStatus NoSuchEventType { get; } = new(0x0113);

    /// <summary>0115: an argument has a value that it cannot have.</summary>
    public static DimseStatus InvalidArgumentValue { get; } = new(0x0115);

    /// <summary>0117: the UID of the instance is against the rules.</summary>
    public static DimseStatus InvalidSopInstance { get; } = new(0x0117);

    /// <summary>0118: there is no such SOP class.</summary>
    public static DimseStatus NoSuchSopClass { get; } = new(0x0118);

    /// <summary>0119: the instance is not of the class.</summary>
    public static DimseStatus ClassInstanceConflict { get; } = new(0x0119);

    /// <summary>0120: an attribute is missing.</summary>
    public static DimseStatus MissingAttribute { get; } = new(0x0120);

    /// <summary>0122: the SOP class is not supported.</summary>
    public static DimseStatus SopClassNotSupported { get; } = new(0x0122);

    /// <summary>0123: there is no such action.</summary>
    public static DimseStatus NoSuchActionType { get; } = new(0x0123);

    /// <summary>0124: not authorised.</summary>
    public static DimseStatus NotAuthorized { get; } = new(0x0124);

    /// <summary>0210: the message number is in use.</summary>
    public static DimseStatus DuplicateInvocation { get; } = new(0x0210);

    /// <summary>0211: the operation is not one that is performed here.</summary>
    public static DimseStatus UnrecognizedOperation { get; } = new(0x0211);

    /// <summary>0212: an argument is not what was agreed.</summary>
    public static DimseStatus MistypedArgument { get; } = new(0x0212);

    /// <summary>0213: a limit was met.</summary>
    public static DimseStatus ResourceLimitation { get; } = new(0x0213);

    /// <summary>Whether all went well.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>Whether more responses follow.</summary>
    public bool IsPending => Code is 0xFF00 or 0xFF01;

    /// <summary>Whether the operation ended because it was cancelled.</summary>
    public bool IsCancel => Code == 0xFE00;

    /// <summary>Whether the operation was done, but not quite as it was wanted.</summary>
    public bool IsWarning => Code is 0x0001 or 0x0107 or 0x0116 or (>= 0xB000 and <= 0xBFFF);

    /// <summary>Whether the operation failed.</summary>
    public bool IsFailure => !IsSuccess && !IsPending && !IsCancel && !IsWarning;

    /// <summary>E.g. <c>A700 out of resources</c>.</summary>
    public override string ToString() => $"{Code:X4} {Words}";

    private string Words => Code switch
    {
        0x0000 => "success",
        0xFF00 or 0xFF01 => "pending",
        0xFE00 => "cancelled",
        0xB000 => "some elements or sub-operations differ from what was asked for",
        >= 0xA700 and <= 0xA7FF => "out of resources",
        0xA801 => "move destination unknown",
        >= 0xA900 and <= 0xA9FF => "data set does not match SOP class",
        >= 0xC000 and <= 0xCFFF => "unable to process",
        0x0105 => "no such attribute",
        0x0106 => "invalid attribute value",
        0x0110 => "processing failure",
        0x0111 => "duplicate SOP instance",
        0x0112 => "no such SOP instance",
        0x0115 => "invalid argument value",
        0x0117 => "invalid SOP instance",
        0x0118 => "no such SOP class",
        0x0119 => "class-instance conflict",
        0x0120 => "missing attribute",
        0x0122 => "SOP class not supported",
        0x0123 => "no such action",
        0x0124 => "not authorized",
        0x0210 => "duplicate invocation",
        0x0211 => "unrecognized operation",
        0x0212 => "mistyped argument",
        0x0213 => "resource limitation",
        _ => IsWarning ? "warning" : "failure",
    };
}
