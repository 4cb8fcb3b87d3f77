namespace Harmony.Fhir.Services.Fhir;

/// <summary>Whether a member, or the object or list around the member, holds URLs of the server, by its name.</summary>
[Flags]
internal enum UrlPlace : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The member holds such a URL in every object.</summary>
    Always = 1,

    /// <summary>The member is called <c>url</c>: the object around it decides.</summary>
    Url = 2,

    /// <summary>The member is called <c>location</c>: the object around it decides.</summary>
    Location = 4,

    /// <summary>The <c>url</c> of an object with this name is such a URL.</summary>
    HasUrl = 8,

    /// <summary>The <c>location</c> of an object with this name is such a URL.</summary>
    HasLocation = 16,
}

/// <summary>
/// Where FHIR has URLs that lead to the server: references, links and locations. Canonical URLs, identifiers, code systems, extensions and narrative
/// only look like URLs of the server and are left alone.
/// </summary>
internal static class UrlPlaces
{
    /// <summary>Whether a member may hold such a URL.</summary>
    /// <param name="name">The member, or XML element.</param>
    /// <param name="parent">The member that its object belongs to; of objects in lists the name of the list.</param>
    public static bool Holds(ReadOnlySpan<byte> name, ReadOnlySpan<byte> parent) => Holds(Of(name), Of(parent));

    /// <inheritdoc cref="Holds(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static bool Holds(UrlPlace name, UrlPlace parent)
        => name.HasFlag(UrlPlace.Always)
            || (name.HasFlag(UrlPlace.Url) && parent.HasFlag(UrlPlace.HasUrl))
            || (name.HasFlag(UrlPlace.Location) && parent.HasFlag(UrlPlace.HasLocation));

    /// <summary>The meaning of a name. Its length is compared first: nearly all names mean nothing here.</summary>
    public static UrlPlace Of(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 3 when name.SequenceEqual("url"u8):
                return UrlPlace.Url;
            case 8 when name.SequenceEqual("location"u8):
                return UrlPlace.Location;
            case 8 when name.SequenceEqual("response"u8):
                return UrlPlace.HasLocation;
            case 7 when name.SequenceEqual("fullUrl"u8):
            case 9 when name.SequenceEqual("reference"u8):
                return UrlPlace.Always;
            case 7 when name.SequenceEqual("request"u8): // in a Bundle an object, in a manifest the URL
                return UrlPlace.Always | UrlPlace.HasUrl;
            case 4 when name.SequenceEqual("link"u8):
            case 5 when name.SequenceEqual("photo"u8) || name.SequenceEqual("image"u8) || name.SequenceEqual("error"u8):
            case 6 when name.SequenceEqual("output"u8):
            case 7 when name.SequenceEqual("deleted"u8): // output, error, deleted, request: the manifest of a bulk export
            case 13 when name.SequenceEqual("presentedForm"u8):
            case 14 when name.SequenceEqual("implementation"u8):
            case >= 9 when name.EndsWith("ttachment"u8):
                return UrlPlace.HasUrl;
            default:
                return UrlPlace.None;
        }
    }
}
