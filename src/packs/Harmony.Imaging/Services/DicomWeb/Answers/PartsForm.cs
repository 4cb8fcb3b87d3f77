namespace Harmony.Imaging.Services.DicomWeb.Answers;

/// <summary>The form that objects of a response are to have: a feature of the response that has them.</summary>
/// <param name="PartType">Media type of the parts; null for one object that is the whole body.</param>
/// <param name="First">The first object, which has been waited for: a fault after it can only break the response off.</param>
internal sealed record PartsForm(string? PartType, Core.Envelope.StreamedObject First);
