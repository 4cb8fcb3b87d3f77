namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// Where FHIR has URLs that lead to the server: references, links and locations. Canonical URLs, identifiers, code systems, extensions and narrative
/// only look like URLs of the server and are left alone.
/// </summary>
internal static class UrlPlaces
{
    /// <summary>Whether a member may hold such a URL.</summary>
    /// <param name="name">The member, or XML element.</param>
    /// <param name="parent">The member that its object belongs to; of objects in lists the name of the list.</param>
    public static bool Holds(ReadOnlySpan<byte> name, ReadOnlySpan<byte> parent)
    {
        if (name.SequenceEqual("reference"u8) || name.SequenceEqual("fullUrl"u8)) return true;
        if (name.SequenceEqual("location"u8)) return parent.SequenceEqual("response"u8);
        if (!name.SequenceEqual("url"u8)) return false;
        return parent.SequenceEqual("link"u8) || parent.SequenceEqual("request"u8) || parent.SequenceEqual("implementation"u8)
            || parent.SequenceEqual("photo"u8) || parent.SequenceEqual("image"u8) || parent.SequenceEqual("presentedForm"u8) || parent.EndsWith("ttachment"u8)
            || parent.SequenceEqual("output"u8) || parent.SequenceEqual("error"u8) || parent.SequenceEqual("deleted"u8); // the manifest of a bulk export
    }
}
