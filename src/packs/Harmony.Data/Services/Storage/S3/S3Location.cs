using System.Diagnostics.CodeAnalysis;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>A place in S3, as a configuration writes it: <c>s3://bucket/prefix</c>.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What stands in front of every key: empty, or with a slash at its end.</param>
internal sealed record S3Location(string Bucket, string Prefix)
{
    /// <summary>Reads a location.</summary>
    /// <param name="text">The text.</param>
    /// <param name="location">What it says.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out S3Location? location, [NotNullWhen(false)] out string? error)
    {
        (location, error) = (null, null);
        var rest = text["s3://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var prefix = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        // The rules of the service: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        if (bucket.Length is < 3 or > 63 || !bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            || !char.IsAsciiLetterOrDigit(bucket[0]) || !char.IsAsciiLetterOrDigit(bucket[^1]))
        {
            error = $"'{bucket}' is no name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots";
            return false;
        }

        if (prefix.Length > 0 && !Core.Storage.ObjectName.TryParse(prefix, out _))
        {
            error = $"'{prefix}' is no prefix of keys: relative, without empty segments, segments that begin with a dot, backslash or colon";
            return false;
        }

        location = new S3Location(bucket, prefix.Length == 0 ? "" : prefix + "/");
        return true;
    }
}
