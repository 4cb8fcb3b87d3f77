namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>Parameters of a content type, quoted or not, as clients write them.</summary>
internal static class ContentTypeParameter
{
    /// <returns>The value; null where there is no such parameter.</returns>
    public static string? Of(string contentType, string name)
    {
        var isQuoted = false;
        var start = 0;
        for (var i = 0; i <= contentType.Length; i++)
        {
            if (i < contentType.Length && contentType[i] == '"') isQuoted = !isQuoted;
            if (i < contentType.Length && (contentType[i] != ';' || isQuoted)) continue;
            var parameter = contentType[start..i];
            start = i + 1;
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return parameter[(equals + 1)..].Trim().Trim('"');
        }

        return null;
    }
}
