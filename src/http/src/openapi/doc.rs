//! What one route takes and gives.

use utoipa::ToSchema;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AdditionalProperties, SchemaFormat, Type};
use utoipa::openapi::{
    Components, Content, KnownFormat, Object, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder,
    Schema,
};

use super::inline;

/// The documentation of a route, without which none can be registered.
#[derive(Clone)]
pub(crate) struct Doc {
    summary: &'static str,
    parameters: Vec<Parameter>,
    bodies: Vec<(&'static str, RefOr<Schema>)>,
    status: &'static str,
    answers: Vec<(&'static str, RefOr<Schema>)>,
    /// Types that bodies and answers are made of, by name.
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Doc {
    /// A route that answers with JSON.
    pub(crate) fn json<T: ToSchema>(summary: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        let schema = doc.named::<T>();
        doc.answers.push(("application/json", schema));
        doc
    }

    /// A route that answers with a list of these, as JSON.
    pub(crate) fn list<T: ToSchema>(summary: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        let one = doc.named::<T>();
        let list = utoipa::openapi::ArrayBuilder::new().items(one).build();
        doc.answers.push(("application/json", RefOr::T(Schema::Array(list))));
        doc
    }

    /// A route that answers with a list of texts, as JSON.
    pub(crate) fn texts(summary: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        doc.answers.push(("application/json", inline::<Vec<String>>()));
        doc
    }

    /// A route that answers with a JSON object which is described elsewhere.
    pub(crate) fn object(summary: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        let object = ObjectBuilder::new().schema_type(Type::Object);
        let anything = AdditionalProperties::FreeForm(true);
        let object = object.additional_properties(Some(anything)).build();
        doc.answers.push(("application/json", RefOr::T(object.into())));
        doc
    }

    /// A route that answers with something else: bytes of this type.
    pub(crate) fn bytes(summary: &'static str, kind: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        doc.answers.push((kind, RefOr::T(bytes().into())));
        doc
    }

    /// A route that answers with a text of this type.
    pub(crate) fn text(summary: &'static str, kind: &'static str) -> Self {
        let mut doc = Self::empty(summary);
        doc.answers.push((kind, RefOr::T(ObjectBuilder::new().schema_type(Type::String).into())));
        doc
    }

    fn empty(summary: &'static str) -> Self {
        Self {
            summary,
            parameters: Vec::new(),
            bodies: Vec::new(),
            status: "200",
            answers: Vec::new(),
            schemas: Vec::new(),
        }
    }

    /// It answers with 202: what was asked for has begun.
    pub(crate) fn accepted(mut self) -> Self {
        self.status = "202";
        self
    }

    /// It takes JSON.
    pub(crate) fn takes<T: ToSchema>(mut self) -> Self {
        let schema = self.named::<T>();
        self.bodies.push(("application/json", schema));
        self
    }

    /// It takes `multipart/form-data` with these fields.
    pub(crate) fn takes_form<T: ToSchema>(mut self) -> Self {
        let schema = self.named::<T>();
        self.bodies.push(("multipart/form-data", schema));
        self
    }

    /// It takes bytes of this type.
    pub(crate) fn takes_bytes(mut self, kind: &'static str) -> Self {
        self.bodies.push((kind, RefOr::T(bytes().into())));
        self
    }

    /// A part of the address in braces.
    pub(crate) fn part(mut self, name: &str, about: &str) -> Self {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let part = parameter(name, about, text).parameter_in(ParameterIn::Path);
        self.parameters.push(part.required(Required::True).build());
        self
    }

    /// A parameter of the address that is a text.
    pub(crate) fn word(self, name: &str, about: &str) -> Self {
        self.query(name, about, ObjectBuilder::new().schema_type(Type::String).build())
    }

    /// One that is a whole number of this range.
    pub(crate) fn number(self, name: &str, (least, most): (usize, usize), about: &str) -> Self {
        let number = ObjectBuilder::new().schema_type(Type::Integer);
        self.query(name, about, number.minimum(Some(least)).maximum(Some(most)).build())
    }

    /// One that is `true` or `false`.
    pub(crate) fn flag(self, name: &str, about: &str) -> Self {
        self.query(name, about, ObjectBuilder::new().schema_type(Type::Boolean).build())
    }

    /// One that is a word of a type.
    pub(crate) fn choice<T: ToSchema>(self, name: &str, about: &str) -> Self {
        self.query(name, about, inline::<T>())
    }

    /// A text that may stand several times.
    pub(crate) fn words(self, name: &str, about: &str) -> Self {
        let word = ObjectBuilder::new().schema_type(Type::String);
        let list = utoipa::openapi::ArrayBuilder::new().items(word).build();
        self.query(name, about, Schema::Array(list))
    }

    fn query(mut self, name: &str, about: &str, schema: impl Into<RefOr<Schema>>) -> Self {
        let one = parameter(name, about, schema).parameter_in(ParameterIn::Query);
        self.parameters.push(one.required(Required::False).build());
        self
    }

    /// A type by its name, which is kept.
    fn named<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(T::name()).into()
    }

    pub(super) fn schemas(&self) -> impl Iterator<Item = (String, RefOr<Schema>)> + '_ {
        self.schemas.iter().cloned()
    }

    pub(super) fn operation(&self) -> OperationBuilder {
        let mut answer = ResponseBuilder::new().description(self.summary);
        for (kind, schema) in &self.answers {
            answer = answer.content(*kind, Content::new(Some(schema.clone())));
        }
        let body = self.bodies.iter().fold(RequestBodyBuilder::new(), |body, (kind, schema)| {
            body.content(*kind, Content::new(Some(schema.clone())))
        });
        let body = (!self.bodies.is_empty()).then(|| body.required(Some(Required::True)).build());
        let parameters = (!self.parameters.is_empty()).then(|| self.parameters.clone());
        OperationBuilder::new()
            .summary(Some(self.summary))
            .parameters(parameters)
            .request_body(body)
            .response(self.status, answer.build())
    }
}

fn parameter(name: &str, about: &str, schema: impl Into<RefOr<Schema>>) -> ParameterBuilder {
    ParameterBuilder::new().name(name).description(Some(about)).schema(Some(schema))
}

fn bytes() -> Object {
    let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build()
}

/// Adds a type and all that it is made of.
pub(super) fn add_component<T: ToSchema>(components: &mut Components) {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    components.schemas.extend(schemas);
}
