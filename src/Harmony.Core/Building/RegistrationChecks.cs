using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Looks at <c>[services.*]</c> and <c>[middleware_types.*]</c>: registering what is built in is fine and not needed.</summary>
internal sealed class RegistrationChecks(ModuleRegistry registry, ConfigProblems problems)
{
    public void Check(ConfigSet config)
    {
        foreach (var service in config.Services) Check(service, "service", registry.ServiceNames);
        foreach (var type in config.MiddlewareTypes) Check(type, "middleware type", registry.MiddlewareNames);
    }

    private void Check(Definition<RegistrationSection> registration, string kind, IEnumerable<string> known)
    {
        var section = registration.Section;
        if (section.Module.Length > 0) return; // a plug-in, which has been looked at when it was loaded
        if (!known.Contains(registration.Name))
        {
            problems.Error(section.Location, $"{kind} '{registration.Name}' is registered, but nothing of that name is built in{NearestName.Suggestion(registration.Name, known)}");
        }
    }
}
