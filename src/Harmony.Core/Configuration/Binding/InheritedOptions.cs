namespace Harmony.Core.Configuration;

/// <summary>Lets one table stand under another: a middleware's options over those of the <c>[authentications.NAME]</c> it refers to.</summary>
public static class InheritedOptions
{
    /// <summary>
    /// Gives every key of <paramref name="own"/> that its table leaves open the value that <paramref name="inherited"/> gives to a key of
    /// the same name and type. Places come along, so that a complaint points to the file that has the value.
    /// </summary>
    public static T Over<T>(this T own, ConfigNode? inherited)
        where T : ConfigNode
    {
        ArgumentNullException.ThrowIfNull(own);
        if (inherited is null) return own;
        var locations = new Dictionary<string, SourceLocation>(own.KeyLocations, StringComparer.Ordinal);
        foreach (var key in BoundKey.Of(own.GetType()).Where(k => !own.Gives(k.Name) && inherited.Gives(k.Name)))
        {
            var theirs = BoundKey.Of(inherited.GetType()).FirstOrDefault(k => k.Name == key.Name && k.Property.PropertyType == key.Property.PropertyType);
            if (theirs is null) continue;
            key.Property.SetValue(own, theirs.Property.GetValue(inherited));
            foreach (var (name, location) in inherited.KeyLocations.Where(l => l.Key == key.Name || l.Key.StartsWith(key.Name + "[", StringComparison.Ordinal)))
            {
                locations[name] = location;
            }
        }

        own.KeyLocations = locations;
        return own;
    }
}
